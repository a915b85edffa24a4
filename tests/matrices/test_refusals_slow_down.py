"""A person who is refused over and over: written down at first, then slowed down."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from closedloop.edge.once import REFUSALS_A_MINUTE
from tests.support.actions import BOB, ActionCase, handlers

if TYPE_CHECKING:
    from tests.support.database import Database

CONFIRM = ActionCase("confirm_booking", handlers()["confirm_booking"])
NOON = datetime(2026, 11, 20, 12, 0, 20, tzinfo=UTC)


@pytest.fixture
def worn_out(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Alice was refused as often as is written down in a minute."""
    monkeypatch.setattr("closedloop.wiring.now", lambda: NOON)
    monkeypatch.setattr("closedloop.edge.once.REFUSALS_A_MINUTE", 3)
    assert REFUSALS_A_MINUTE > 100  # a person with a busy screen never meets it
    for _ in range(3):
        assert CONFIRM.press(org).sent_to(CONFIRM).status == 404
    return db


def test_one_refusal_more_is_slowed_down_and_not_written(worn_out: Database, org: str) -> None:
    """429 until the next minute; the journal does not grow."""
    answer = CONFIRM.press(org).sent_to(CONFIRM)
    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (
        429, "RATE_LIMITED", "40",
    )  # fmt: skip
    assert len(worn_out.audit(org)) == 3


def test_what_is_allowed_is_done_all_the_same(worn_out: Database, org: str) -> None:
    """Refusals are counted, not presses."""
    worn_out.put(org, CONFIRM.rows)
    assert CONFIRM.press(org).sent_to(CONFIRM).status == 200


def test_others_are_not_slowed_down(worn_out: Database, org: str) -> None:
    """Another person of the org is refused as ever, and that is written down."""
    assert CONFIRM.press(org).by(BOB, org).sent_to(CONFIRM).status == 404
    assert len(worn_out.audit(org)) == 4


def test_a_minute_later_it_is_written_again(
    worn_out: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The count is of one minute."""
    monkeypatch.setattr("closedloop.wiring.now", lambda: NOON.replace(minute=1))
    assert CONFIRM.press(org).sent_to(CONFIRM).status == 404
    assert len(worn_out.audit(org)) == 4
