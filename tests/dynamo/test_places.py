"""Every condition of a place in time: a write that it lets pass and one that it refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.core.writes import Free, Take, Use
from tests.dynamo.test_expressions import NOW, commit, refused

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from tests.support.database import Database

PLACE = "cell#bay#2026-12-01T15:00:00Z"
FORGET = 1_800_000_000
SHAPE = {"start": "2026-12-01T15:00:00Z", "shape": [0, 4, 1]}
LATER = int((NOW + timedelta(minutes=15)).timestamp() * 1000)
LAPSED = int(NOW.timestamp() * 1000)


def take(owner: str, use: Use = "visit", **more: Any) -> Take:
    """One place for somebody."""
    return Take(PLACE, owner, FORGET, use, **more)


def place(db: Database, org: str) -> Row:
    """The place as it is, without what names it."""
    (stored,) = db.rows("appointment_holds", org)
    return {name: value for name, value in stored.items() if name not in {"org_id", "id"}}


def test_a_place_that_nobody_has_is_taken(db: Database, org: str) -> None:
    """For a time or for good; the first place of a visit keeps its shape."""
    commit(take("a", until=LATER, shape=SHAPE), org)
    taken = {"visit": "a", "visit_until": LATER, "expires_at": FORGET, **SHAPE}
    assert place(db, org) == taken
    commit(take("a"), org)
    assert place(db, org) == {"visit": "a", "expires_at": FORGET}


@pytest.mark.parametrize("until", [None, LATER], ids=["for good", "held"])
def test_a_place_of_another_is_refused_and_shown(db: Database, org: str, until: int | None) -> None:
    """Whoever comes second learns who has it."""
    commit(take("a", until=until), org)
    shown = refused(take("b", until=LATER), org)
    assert shown is not None
    assert shown["visit"] == "a"
    assert place(db, org)["visit"] == "a"


def test_a_place_that_lapses_now_is_taken_a_millisecond_before_it_is_not(
    db: Database, org: str
) -> None:
    """The end of a hold is not part of it; TTL and sweep have no say."""
    commit(take("a", until=LAPSED + 1), org)
    refused(take("b"), org)
    commit(take("b"), org, NOW + timedelta(milliseconds=1))
    assert place(db, org) == {"visit": "b", "expires_at": FORGET}


def test_an_owner_takes_its_own_place_again(db: Database, org: str) -> None:
    """Held becomes booked, or held for longer."""
    commit(take("a", until=LATER), org)
    commit(take("a", until=LATER + 1), org)
    commit(take("a", held=True), org)
    assert place(db, org) == {"visit": "a", "expires_at": FORGET}


def test_what_must_be_held_is_refused_to_whoever_lost_it(db: Database, org: str) -> None:
    """A free place is not held, nor is one that lapsed and went to somebody else."""
    assert refused(take("a", held=True), org) is None
    commit(take("a", until=LAPSED), org)
    commit(take("b", until=LATER), org)
    shown = refused(take("a", held=True), org, NOW - timedelta(hours=1))
    assert shown is not None
    assert shown["visit"] == "b"


def test_a_claim_passes_to_its_successor_alone(db: Database, org: str) -> None:
    """`instead_of` names whom the taker may follow."""
    commit(take("a", until=LATER), org)
    refused(take("b", instead_of="c"), org)
    commit(take("b", instead_of="a"), org)
    assert place(db, org)["visit"] == "b"


def test_buffers_of_two_neighbours_share_a_place(db: Database, org: str) -> None:
    """After the first and before the second; not twice the same side."""
    commit(take("a", "after"), org)
    commit(take("b", "before", until=LATER), org)
    assert place(db, org)["after"] == "a"
    refused(take("c", "after"), org)
    refused(take("c", "before"), org)


@pytest.mark.parametrize("use", ["before", "after"])
def test_a_visit_shares_with_no_buffer(db: Database, org: str, use: Use) -> None:
    """Neither into another's buffer, nor a buffer into another's visit."""
    commit(take("a", use), org)
    refused(take("b"), org)
    commit(Free(PLACE, "a", (use,)), org)
    commit(take("b"), org)
    refused(take("a", use), org)


def test_a_buffer_ends_a_visit_that_lapsed(db: Database, org: str) -> None:
    """Its owner, whose clock lags, cannot book it any more."""
    commit(take("a", until=LAPSED, shape=SHAPE), org)
    commit(take("b", "after", until=LATER), org)
    assert place(db, org) == {"after": "b", "after_until": LATER, "expires_at": FORGET}
    refused(take("a", held=True), org, NOW - timedelta(hours=1))


def test_an_owner_turns_a_buffer_round(db: Database, org: str) -> None:
    """A visit that moves may leave its buffer after where its buffer before is now."""
    commit(take("a", "after"), org)
    commit(take("a", "before", leaves=("after",)), org)
    assert place(db, org) == {"before": "a", "expires_at": FORGET}
    refused(take("a", "before", leaves=("after",)), org)


def test_what_is_freed_is_free_for_everybody(db: Database, org: str) -> None:
    """And gone from the index: it has no start any more."""
    commit(take("a", shape=SHAPE), org)
    commit(Free(PLACE, "a"), org)
    assert place(db, org) == {"expires_at": FORGET}
    commit(take("b", "before"), org)


def test_nobody_frees_what_another_has(db: Database, org: str) -> None:
    """Nor what was freed before."""
    commit(take("a", "before"), org)
    commit(take("b", "after"), org)
    shown = refused(Free(PLACE, "a", ("after",)), org)
    assert shown is not None
    assert shown["after"] == "b"
    commit(Free(PLACE, "a", ("before",)), org)
    refused(Free(PLACE, "a", ("before",)), org)
