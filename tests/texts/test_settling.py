"""The minute's look at the work list: all of its parts, pending texts first, look-ups at once."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.core.errors import ServiceUnavailableError
from closedloop.texts import model
from closedloop.texts.handlers import settle
from tests.support.actions import handlers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from closedloop.core.rows import Row
    from closedloop.texts.twilio_codes import Sighting
    from tests.texts.world import World

PAST = "2029-06-01T14:00:00.000Z"


@pytest.fixture
def patch(world: World) -> Iterator[pytest.MonkeyPatch]:
    """Patches over those of the world, undone before them."""
    with pytest.MonkeyPatch.context() as over:
        yield over


@pytest.fixture
def listed(world: World, patch: pytest.MonkeyPatch) -> World:
    """A world whose list has the parts that the rows name."""

    def due(_: object, work: str, until: str, limit: int) -> list[list[tuple[str, str]]]:
        rows = [row for row in world.rows() if row.get("work") == work and row["work_at"] <= until]
        keys = [(world.org, str(row["id"])) for row in sorted(rows, key=lambda row: row["work_at"])]
        return [keys[start : start + limit] for start in range(0, len(keys), limit)]

    patch.setattr("closedloop.dynamo.lookups.Lookups.due", due)
    return world


def text(number: int, status: str = "unknown", **fields: Any) -> Row:
    """A text on a part of the list, to a number of its own."""
    return {
        "id": f"sms_{number:03}",
        "status": status,
        "attempt": 1,
        "direction": "out",
        "message": "Hi",
        "category": model.TRANSACTIONAL,
        "person_table": "leads",
        "person_id": "lead_1",
        "claimed_at": PAST,
        "from": "+13125550100",
        "to": f"+1312555{number:04}",
        "work": model.SHARDS[number % len(model.SHARDS)],
        "work_at": PAST,
        **fields,
    }


def turn(seconds: float = 60) -> None:
    """One run with so much time."""
    handlers()["settle_sms"](
        {}, SimpleNamespace(get_remaining_time_in_millis=lambda: seconds * 1000)
    )


def test_all_parts_are_served(listed: World, patch: pytest.MonkeyPatch) -> None:
    """Far more is due than there is time for: every part gets its share of it."""
    listed.db.put(listed.org, {"sms_logs": [text(number) for number in range(160)]})
    clock = SimpleNamespace(now=0.0)
    patch.setattr(settle, "time", SimpleNamespace(monotonic=lambda: clock.now))
    asked: list[str] = []

    def slow(to: str, _: str) -> list[Sighting]:
        clock.now += 1
        asked.append(to)
        return []

    patch.setattr(listed.twilio, "sent_to", slow)
    turn()
    served = [int(number[-3:]) % len(model.SHARDS) for number in asked]
    assert 20 <= len(asked) <= 41
    assert {served.count(part) >= len(asked) // 5 for part in range(4)} == {True}


def test_pending_texts_wait_for_no_look_up(listed: World, patch: pytest.MonkeyPatch) -> None:
    """They are put into the queue before Twilio is asked, also from the last part of the list."""
    rows = [text(number) for number in range(40)]
    rows += [text(43, "pending", outbox="ready"), text(47, "pending", held_until=PAST)]
    listed.db.put(listed.org, {"sms_logs": rows})
    seen: list[int] = []

    def away(*_: str) -> list[Sighting]:
        seen.append(len(listed.queue.messages))
        raise ServiceUnavailableError

    patch.setattr(listed.twilio, "sent_to", away)
    listed.settle()
    assert seen == [2]
    assert listed.row("sms_047")["work_at"] > PAST


def test_what_a_person_waits_for_is_put_in_first(listed: World) -> None:
    """Campaigns that waited for the morning go behind it."""
    rows = [text(number, "pending", category=model.MARKETING) for number in range(30)]
    rows += [text(number, "pending") for number in range(30, 36)]
    listed.db.put(listed.org, {"sms_logs": rows})
    listed.settle()
    categories = [each.category for each in listed.queue.messages]
    assert categories == [model.TRANSACTIONAL] * 6 + [model.MARKETING] * 30


def test_a_text_that_cannot_be_read_keeps_no_other_waiting(
    listed: World, patch: pytest.MonkeyPatch
) -> None:
    """It is a fault in the log; the one behind it goes out."""
    broken = text(0, "pending")
    del broken["attempt"]
    listed.db.put(listed.org, {"sms_logs": [broken, text(1, "pending")]})
    faults: list[str] = []
    patch.setattr(
        "closedloop.edge.log.fault", lambda _, error, **__: faults.append(type(error).__name__)
    )
    turn()
    assert faults == ["KeyError"]
    assert ['"sms_001"' in each.body for each in listed.queue.messages] == [True]


def test_look_ups_are_made_at_once(listed: World, patch: pytest.MonkeyPatch) -> None:
    """Four numbers are asked about before the first answer is there; one number only once."""
    patch.setattr(settle, "AT_ONCE", 4)
    four = threading.Barrier(4, timeout=20)
    asked: list[str] = []

    def together(to: str, _: str) -> list[Sighting]:
        asked.append(to)
        four.wait()
        return []

    patch.setattr(listed.twilio, "sent_to", together)
    rows = [text(number, to=f"+1312555000{number % 4}") for number in range(8)]
    listed.db.put(listed.org, {"sms_logs": rows})
    listed.settle()
    assert len(asked) == len(set(asked)) == 4
    assert {row["lookups"] for row in listed.rows()} == {1}
