"""Cursors of lists and of changes, without any database."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closedloop.core import cursors
from closedloop.core.cursors import KEPT, OVERLAP, ChangeCursor
from closedloop.core.errors import ValidationFailedError
from closedloop.core.times import microseconds

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
VERSION = microseconds(NOW)
MICROSECOND = timedelta(microseconds=1)
GAP = OVERLAP // MICROSECOND
NAMES = frozenset({"id", "version"})
LAST: dict[str, Any] = {"id": "l1", "version": 7}


@given(st.text(), st.fixed_dictionaries({"id": st.text(min_size=1), "version": st.integers(0)}))
def test_a_page_goes_on_where_it_ended(question: str, last: dict[str, Any]) -> None:
    """Whatever the key; written in signs that an address can carry."""
    cursor = cursors.encode_page(question, last)
    assert cursors.decode_page(question, cursor, NAMES) == last
    assert set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_list_goes_on_after_a_deploy() -> None:
    """What a client was given before is what it is given now."""
    ours = "eyJxIjoiYWVmNDUwZGM3OGVhIiwiayI6eyJpZCI6ImwxIiwidmVyc2lvbiI6N319"
    assert cursors.encode_page("leads", LAST) == ours
    assert cursors.decode_page("leads", ours, NAMES) == LAST
    other = cursors.encode_page("calls", LAST)
    for cursor in (other, f"{ours[:4]}%%%%{ours[4:]}"):
        with pytest.raises(ValidationFailedError):
            cursors.decode_page("leads", cursor, NAMES)


def forged(content: object) -> str:
    """A cursor that somebody made by hand."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


MARK = json.loads(base64.b64decode(cursors.encode_page("leads", {}) + "=="))["q"]


@pytest.mark.parametrize(
    "cursor",
    [
        cursors.encode_page("calls", LAST),
        cursors.encode_page("leads", {"id": "l1"}),
        cursors.encode_page("leads", LAST | {"org_id": "other"}),
        cursors.encode_page("leads", LAST | {"id": ""}),
        cursors.encode_page("leads", LAST | {"id": ["l1"]}),
        cursors.encode_page("leads", LAST | {"id": None}),
        forged({"q": MARK}),
        forged({"k": LAST}),
        forged({"q": MARK, "k": ["id", "version"]}),
        forged(["q", "k"]),
        forged(None),
        forged(7),
        "x",
        "\u00e9",
        "a+b/",
        forged("x")[:-1] + "%",
    ],
)
def test_a_page_of_another_list_or_none_is_refused(cursor: str) -> None:
    """Its list and the fields of its key, no more and no fewer, each text or number."""
    with pytest.raises(ValidationFailedError) as refused:
        cursors.decode_page("leads", cursor, NAMES)
    assert refused.value.body["fields"][0]["path"] == "cursor"


@pytest.mark.parametrize("text", ["c-0", "c-1795176000000000", "p-1-2-3"])
def test_a_cursor_of_changes_is_read_as_it_is_written(text: str) -> None:
    """Both kinds, there and back."""
    assert str(ChangeCursor.parse(text)) == text


def test_the_parts_of_a_cursor_of_changes() -> None:
    """Safe point, position, when the answer began."""
    assert ChangeCursor.parse("p-1-2-3") == ChangeCursor(1, 2, 3)
    assert ChangeCursor.parse("c-5") == ChangeCursor(5)


@pytest.mark.parametrize(
    "text", ["", "c-", "c-x", "c-1-2", "p-1-2", "x-1", "c-" + "1" * 18, "c-1\n"]
)
def test_a_cursor_of_changes_that_is_none(text: str) -> None:
    """Anything else is refused by its field."""
    with pytest.raises(ValidationFailedError) as refused:
        ChangeCursor.parse(text)
    assert refused.value.body["fields"][0]["path"] == "since"


def test_a_client_knows_what_is_older_than_the_overlap() -> None:
    """As of a moment or an event: what may still appear behind it is read again."""
    assert ChangeCursor.at(NOW) == ChangeCursor(VERSION - GAP)
    assert ChangeCursor.of_version(VERSION) == f"c-{VERSION - GAP}"
    assert ChangeCursor.of_version(GAP - 1) == "c-0"


def test_a_cursor_is_too_old_when_tombstones_may_be_gone() -> None:
    """A week and the overlap, to the microsecond."""
    oldest = microseconds(NOW - KEPT - OVERLAP)
    assert not ChangeCursor(oldest).is_too_old(NOW)
    assert ChangeCursor(oldest - 1).is_too_old(NOW)


def test_a_position_is_good_for_a_while() -> None:
    """While what appeared behind it since its answer began is within the overlap."""
    began = VERSION - GAP
    assert ChangeCursor(1, 2, began).start(NOW) == 2
    assert ChangeCursor(1, 2, began - 1).start(NOW) == 1
    assert ChangeCursor(1).start(NOW) == 1


@pytest.mark.parametrize(
    ("cursor", "delivered", "more", "after"),
    [
        (ChangeCursor(1), VERSION, False, ChangeCursor(VERSION - GAP)),
        (ChangeCursor(VERSION), VERSION, False, ChangeCursor(VERSION)),
        (ChangeCursor(1), 9, True, ChangeCursor(9, 9, VERSION)),
        (ChangeCursor(10), 9, True, ChangeCursor(10, 9, VERSION)),
        (ChangeCursor(1), VERSION, True, ChangeCursor(VERSION - GAP, VERSION, VERSION)),
        (ChangeCursor(1, 2, VERSION - 5), 9, True, ChangeCursor(9, 9, VERSION - 5)),
        (ChangeCursor(1, 2, VERSION - 5), 9, False, ChangeCursor(VERSION - 5 - GAP)),
        (ChangeCursor(1, 2, 3), 9, False, ChangeCursor(VERSION - GAP)),
    ],
    ids=["end", "never back", "more", "not back", "overlap", "goes on", "ends", "came late"],
)
def test_the_cursor_after_an_answer(
    cursor: ChangeCursor, delivered: int, after: ChangeCursor, *, more: bool
) -> None:
    """Its safe point never goes back, and is measured from when the answer began."""
    assert cursor.next(delivered, more=more, now=NOW) == after
