"""The shape of an announced change, as docs/spec.md writes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closedloop.core.cursors import ChangeCursor
from closedloop.core.times import microseconds, parse
from closedloop.realtime import events
from closedloop.realtime.packing import FRAME_BYTES, dump
from tests.realtime.support import STAMP, broadcast, image, opened, record
from tests.support.actions import event_of, handlers
from tests.support.database import PREFIX

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from tests.realtime.gateway import Gateway

AT = 1_795_186_800.25
NAMES = ("type", "table", "id", "record", "old_record", "version", "cursor",
         "commit_timestamp", "actor", "idempotency_key")  # fmt: skip
FIELDS = st.dictionaries(
    st.sampled_from(["status", "name", "notes", "phone", "count"]),
    st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2),
)


def told(old: Row | None, new: Row | None) -> dict[str, Any]:
    """The event of these images."""
    event = events.of_images("leads", old, new, AT)
    assert event is not None
    return event


def test_a_new_row() -> None:
    """The row without our own fields, nothing old."""
    event = told(None, image("a", 7, status="new", expires_at=1))
    assert tuple(event) == NAMES
    assert (event["type"], event["table"], event["id"]) == ("INSERT", "leads", "a")
    assert event["old_record"] is None
    assert event["record"]["status"] == "new"
    assert not event["record"].keys() & {"idempotency_key", "expires_at"}
    assert event["commit_timestamp"] == STAMP["updated_at"]
    assert (event["version"], event["actor"]) == (7, STAMP["updated_by"])
    assert event["idempotency_key"] == "key-12345678"


def test_a_changed_row_tells_what_it_was() -> None:
    """Only the fields that changed, as they were; None where there was none before."""
    old = image("a", 7, status="new", name="Ana", phone="+1")
    event = told(old, image("a", 8, status="won", name="Ana", notes="!"))
    assert event["type"] == "UPDATE"
    assert event["old_record"] == {"status": "new", "phone": "+1", "notes": None}
    assert event["record"]["notes"] == "!"


@given(old=FIELDS, new=FIELDS)
def test_old_and_new_tell_the_row_before(old: dict[str, Any], new: dict[str, Any]) -> None:
    """`record` overlaid with `old_record` is the old row, whatever changed."""
    event = told(image("a", 7, **old), image("a", 8, **new))
    before = event["record"] | event["old_record"] | {"version": 7}
    assert {name: each for name, each in before.items() if each is not None} == {
        name: each
        for name, each in image("a", 7, **old).items()
        if each is not None and name != "idempotency_key"
    }
    assert all(event["record"].get(name) != each or (name in old) != (name in new)
               for name, each in event["old_record"].items())  # fmt: skip


def test_what_every_write_changes_is_not_told_as_it_was() -> None:
    """Who wrote last, when, and since when the status was another."""
    old = image("a", 7, status="new", status_changed_at="2026-11-01T00:00:00.000Z")
    old |= {"updated_at": "2026-11-01T00:00:00.000Z", "updated_by": {"id": "u2"}}
    event = told(old, image("a", 8, status="won", status_changed_at=STAMP["updated_at"]))
    assert event["old_record"] == {"status": "new"}


def test_a_tombstone_is_a_deletion() -> None:
    """Told when it is written, with the row that it was; its cleaning later tells nothing."""
    row, stone = image("a", 7, name="Ana"), image("a", 8, deleted_at="2026", expires_at=1)
    event = told(row, stone)
    assert (event["type"], event["record"], event["version"]) == ("DELETE", None, 8)
    assert event["old_record"]["name"] == "Ana"
    assert events.of_images("leads", stone, None, AT) is None
    assert events.of_images("leads", None, None, AT) is None
    assert told(None, stone)["type"] == "DELETE"


def test_a_row_that_comes_back_is_new() -> None:
    """Whoever saw it go must see all of it again."""
    event = told(image("a", 7, deleted_at="2026"), image("a", 8, name="Ana"))
    assert (event["type"], event["old_record"]) == ("INSERT", None)


def test_a_row_that_goes_without_a_tombstone_is_told() -> None:
    """One version above its last, so that it wins; nobody is named, for nobody is known."""
    event = told(image("a", 7, name="Ana"), None)
    assert (event["type"], event["version"], event["record"]) == ("DELETE", 8, None)
    assert (event["actor"], event["idempotency_key"]) == (None, None)
    assert event["commit_timestamp"] == "2026-11-20T15:00:00.250Z"
    assert event["old_record"]["name"] == "Ana"


@pytest.mark.parametrize(
    ("fields", "since", "kind"),
    [
        ({}, "2026-11-20T11:59:59.999Z", "INSERT"),
        ({}, "2026-11-20T12:00:00.000Z", "UPDATE"),
        ({"deleted_at": "2026-11-20T12:00:01.000Z"}, "2026-11-20T11:00:00.000Z", "DELETE"),
    ],
)
def test_a_row_is_told_to_who_was_away(fields: Row, since: str, kind: str) -> None:
    """As new, changed or gone, by what the client knew of it; what is gone has no record."""
    row = image("a", 7, created_at="2026-11-20T12:00:00.000Z", **fields)
    told_late = events.of_row("leads", row, microseconds(parse(since)))
    assert (told_late["type"], told_late["record"] is None) == (kind, kind == "DELETE")


def test_its_cursor_is_safe_to_come_back_with() -> None:
    """Behind the event by the overlap, as every cursor."""
    event = told(None, image("a", 1_795_186_800_000_000))
    assert event["cursor"] == ChangeCursor.of_version(1_795_186_800_000_000)
    assert ChangeCursor.parse(event["cursor"]).safe == 1_795_186_680_000_000


@given(st.integers(0, 70_000), st.sampled_from(["a", "é", "\U0001f600", '"']))
def test_an_event_fits_a_frame(size: int, letter: str) -> None:
    """Or it comes without its rows and says so; the client asks for the change."""
    whole = told(None, image("a", 7, notes=letter * size))
    sent = events.fitting(whole)
    assert len(dump(sent).encode()) <= FRAME_BYTES
    if "truncated" in sent:
        assert (sent["truncated"], sent["record"], sent["old_record"]) == (True, None, None)
        assert sent.keys() - {"truncated"} == whole.keys()
        assert len(json.dumps(whole, ensure_ascii=False).encode()) > FRAME_BYTES
    else:
        assert sent == whole


@pytest.mark.parametrize(
    ("scenario", "kinds"),
    [
        ("inserted", ["INSERT"]),
        ("confirmed", ["UPDATE"]),
        ("deleted", ["DELETE"]),
        ("tombstone_expired", []),
        ("poison_between", ["INSERT", "UPDATE"]),
    ],
)
def test_an_event_file_is_announced_as_its_name_says(
    gateway: Gateway, scenario: str, kinds: list[str]
) -> None:
    """What Lambda hands over of the streams, to a client of that org."""
    name = opened("demo", f"demo-{scenario}", "appointments")
    event = event_of("broadcast", scenario)
    for each in event["Records"]:
        each["eventSourceARN"] = each["eventSourceARN"].replace("closedloop-", PREFIX)
    answer = handlers()["broadcast"](event)
    assert [each["type"] for each in gateway.told[name]] == kinds
    failed = [each["itemIdentifier"] for each in answer["batchItemFailures"]]
    assert failed == (
        [event["Records"][1]["dynamodb"]["SequenceNumber"]] if "poison" in scenario else []
    )


def test_nothing_but_the_stream_is_told(gateway: Gateway, org: str) -> None:
    """A table that is not for screens, and a batch of nothing, tell nothing."""
    name = opened(org, f"{org}-1", "leads")
    assert broadcast() == []
    assert broadcast(record(org, "appointment_holds", None, image("a", 1))) == []
    assert gateway.told[name] == []
