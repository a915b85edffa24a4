"""The pipeline's moves, as a table and as the rule applies it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from closedloop.core.decision import Actor, Context
from closedloop.core.errors import ClosedLoopError
from closedloop.core.writes import Change, OneOf
from closedloop.people.errors import AlreadyHasStatusError, LeadTransitionError
from closedloop.people.leads import (
    MOVES,
    OPEN,
    STATUSES,
    UpdateLeadStatus,
    UpdateOneLeadStatus,
    update_one_status,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ACTOR = Actor("u1", "u1@example.com", "demo", frozenset({"staff"}))
STATUS = st.sampled_from(STATUSES)


def context(**row: object) -> Context:
    """The rule's context, with the lead as it is if a row is given."""
    seen = {("leads", "l1"): {"id": "l1", "version": 5, **row}} if row else {}
    return Context(ACTOR, "update_one_lead_status", "key-12345", NOW, seen)


def test_the_moves_are_those_of_the_specification() -> None:
    """Open goes anywhere else; won is final; lost is reopened, never straight to won."""
    for status in OPEN:
        assert MOVES[status] == set(STATUSES) - {status}
    assert MOVES["won"] == set()
    assert MOVES["lost"] == set(OPEN)
    assert set(MOVES) == set(STATUSES)


@given(now=STATUS, wanted=STATUS)
def test_a_seen_lead_moves_as_the_table_says(now: str, wanted: str) -> None:
    """For every pair of statuses: the move, or the refusal that fits, with the row."""
    command = UpdateOneLeadStatus.model_validate({"id": "l1", "status": wanted})
    if wanted in MOVES[now]:
        lead = update_one_status(command, context(status=now)).reply.body["lead"]
        assert (lead["status"], lead["version"] > 5) == (wanted, True)
        return
    with pytest.raises(ClosedLoopError) as refused:
        update_one_status(command, context(status=now))
    expected = AlreadyHasStatusError if now == wanted else LeadTransitionError
    assert type(refused.value) is expected
    assert refused.value.body["lead"]["status"] == now


@given(wanted=STATUS)
def test_an_unseen_lead_is_assumed_where_the_move_may_start(wanted: str) -> None:
    """The condition names exactly the statuses from which the table allows the move."""
    command = UpdateOneLeadStatus.model_validate({"id": "l1", "status": wanted})
    (change,) = update_one_status(command, context()).writes
    assert isinstance(change, Change)
    assumed = change.assume["status"]
    assert isinstance(assumed, OneOf)
    assert set(assumed.values) == {each for each in STATUSES if wanted in MOVES[each]}


@pytest.mark.parametrize(
    "body",
    [
        {"status": "won"},
        {"leadId": "a", "leadIds": ["b"], "status": "won"},
        {"leadIds": [], "status": "won"},
        {"leadIds": ["x"] * 501, "status": "won"},
        {"leadIds": ["a"], "status": "won", "expectedVersion": 1},
        {"leadId": "a", "status": "won", "atomic": True},
        {"leadIds": [str(i) for i in range(51)], "status": "won", "atomic": True},
        {"leadId": "a", "status": "Won"},
    ],
)
def test_a_body_that_is_neither_one_nor_many_does_not_fit(body: dict[str, object]) -> None:
    """One of leadId and leadIds, and only what goes with it."""
    with pytest.raises(ValidationError):
        UpdateLeadStatus.model_validate(body)
