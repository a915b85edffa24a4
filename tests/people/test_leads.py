"""The pipeline's moves, as a table and as the rule applies it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from closedloop.core.decision import Actor, Bulk, Changed, Context, Decision, Unchanged
from closedloop.core.errors import ClosedLoopError
from closedloop.core.writes import Change, OneOf
from closedloop.people.errors import (
    AlreadyHasStatusError,
    BulkRefusedError,
    LeadChangedError,
    LeadTransitionError,
)
from closedloop.people.leads import (
    MOVES,
    OPEN,
    STATUSES,
    UpdateLeadStatus,
    UpdateOneLeadStatus,
    update_one_status,
    update_status,
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
        {"leadIds": ["a"], "status": "won", "expectedVersions": {"b": 1}},
        {"leadId": "a", "status": "won", "expectedVersions": {"a": 1}},
        {"leadId": "a", "status": "won", "atomic": True},
        {"leadIds": [str(i) for i in range(51)], "status": "won", "atomic": True},
        {"leadId": "a", "status": "Won"},
    ],
)
def test_a_body_that_is_neither_one_nor_many_does_not_fit(body: dict[str, object]) -> None:
    """One of leadId and leadIds, and only what goes with it."""
    with pytest.raises(ValidationError):
        UpdateLeadStatus.model_validate(body)


@pytest.mark.parametrize(
    "body",
    [
        {"leadIds": ["x"] * 51, "status": "won", "atomic": True},
        {"leadIds": [str(i) for i in range(50)], "status": "won", "atomic": True},
        {"leadId": "a", "status": "won", "expectedVersion": 1},
    ],
)
def test_a_body_that_fits(body: dict[str, object]) -> None:
    """Fifty at once are allowed, and an id that is given twice counts once."""
    assert UpdateLeadStatus.model_validate(body).status == "won"


def test_the_version_that_the_screen_showed_is_held() -> None:
    """It is part of the condition; a lead that is known to have another is refused."""
    body = {"leadId": "l1", "status": "won", "expectedVersion": 5}
    command = UpdateLeadStatus.model_validate(body)
    for seen in (context(), context(status="new")):
        decided = update_status(command, seen)
        assert isinstance(decided, Decision)
        (change,) = decided.writes
        assert isinstance(change, Change)
        assert change.assume["version"] == 5
    for status in ("new", "won"):
        with pytest.raises(LeadChangedError) as refused:
            update_status(command, context(status=status, version=6))
        assert refused.value.body["lead"]["version"] == 6


def test_a_refusal_is_in_a_persons_words() -> None:
    """No underscore of a status is shown."""
    command = UpdateOneLeadStatus.model_validate({"id": "l1", "status": "proposal_sent"})
    with pytest.raises(AlreadyHasStatusError, match="Lead is already proposal sent"):
        update_one_status(command, context(status="proposal_sent"))
    with pytest.raises(LeadTransitionError, match="is won cannot become proposal sent"):
        update_one_status(command, context(status="won"))


def atomic(*ids: str) -> UpdateLeadStatus:
    """A command that moves all of these to qualified, or none."""
    body = {"leadIds": list(ids), "status": "qualified", "atomic": True}
    return UpdateLeadStatus.model_validate(body)


@pytest.mark.parametrize(("ids", "words"), [(("l1",), "1 lead"), (("l1", "l2"), "2 leads")])
def test_all_at_once_is_one_decision(ids: tuple[str, ...], words: str) -> None:
    """A change for each lead, one reply for all."""
    decided = update_status(atomic(*ids, ids[0]), context(status="new"))
    assert isinstance(decided, Decision)
    assert [each.id for each in decided.writes] == list(ids)
    body: Any = decided.reply.body
    assert (decided.reply.status, decided.reply.success) == (200, True)
    assert (body["updated"], body["failed"], body["failures"]) == (len(ids), 0, [])
    assert (body["status"], body["message"]) == ("qualified", f"{words} updated to qualified")
    assert [each["id"] for each in body["leads"]] == list(ids)
    assert body["leads"][0]["status_changed_at"] == "2026-11-20T12:00:00.000Z"


def test_one_that_cannot_move_keeps_all_back() -> None:
    """Each that cannot is named with its reason; none is moved."""
    seen = {**context(status="won").seen, ("leads", "l3"): None}
    known = Context(ACTOR, "update_lead_status", "key-12345", NOW, seen)
    with pytest.raises(BulkRefusedError) as refused:
        update_status(atomic("l1", "l2", "l3"), known)
    body = refused.value.body
    assert (body["updated"], body["failed"], body["status"]) == (0, 2, "qualified")
    assert [(each["leadId"], each["code"]) for each in body["failures"]] == [
        ("l1", "INVALID_TRANSITION"),
        ("l3", "NOT_FOUND"),
    ]


def bulk(*ids: str) -> Bulk:
    """What the rule makes of a command that moves these to qualified, each for itself."""
    decided = update_status(
        UpdateLeadStatus.model_validate({"leadIds": list(ids), "status": "qualified"}), context()
    )
    assert isinstance(decided, Bulk)
    return decided


def test_each_of_many_is_moved_like_one() -> None:
    """Ids that are given twice count once; each lead's own row decides."""
    many = bulk("l2", "l1", "l2")
    assert (many.table, many.ids) == ("leads", ("l2", "l1"))
    one = UpdateOneLeadStatus.model_validate({"id": "l1", "status": "qualified"})
    assert many.change("l1", context()) == update_one_status(one, context()).writes[0]
    with pytest.raises(LeadTransitionError):
        many.change("l1", context(status="won"))


def test_of_many_none_is_moved_that_somebody_else_has_changed() -> None:
    """By the versions that were on the screen; one without a version is moved as before."""
    body = {"leadIds": ["l1", "l2"], "status": "qualified", "expectedVersions": {"l1": 5}}
    many = update_status(UpdateLeadStatus.model_validate(body), context())
    assert isinstance(many, Bulk)
    assert many.change("l1", context()).assume["version"] == 5
    assert "version" not in many.change("l2", context()).assume
    row = {**context(status="new").seen[("leads", "l1")], "version": 6}
    later = Context(ACTOR, "update_lead_status", "key-12345", NOW, {("leads", "l1"): row})
    with pytest.raises(LeadChangedError):
        many.change("l1", later)
    together = UpdateLeadStatus.model_validate({**body, "leadIds": ["l1"], "atomic": True})
    with pytest.raises(BulkRefusedError) as refused:
        update_status(together, later)
    assert [each["code"] for each in refused.value.body["failures"]] == ["VERSION_CONFLICT"]


def test_the_answer_for_many_says_what_came_of_each() -> None:
    """200 where all are moved, else 207 with each reason once in the sentence."""
    moved = Changed("l1", {"status": "qualified", "status_changed_at": "now"}, 9)
    lead = {"id": "l1", "status": "qualified", "status_changed_at": "now", "version": 9}
    all_of_them = bulk("l1").reply([moved], [])
    assert (all_of_them.status, all_of_them.success) == (200, True)
    assert all_of_them.body == {
        "updated": 1, "failed": 0, "status": "qualified", "leads": [lead], "failures": [],
        "message": "1 lead updated to qualified",
    }  # fmt: skip
    gone = [Unchanged(each, "NOT_FOUND", "Not found") for each in ("l2", "l3")]
    some = bulk("l1").reply([moved], [*gone, Unchanged("l4", "ALREADY_HAS_STATUS", "It is")])
    assert (some.status, some.success) == (207, False)
    assert (some.body["updated"], some.body["failed"], some.body["leads"]) == (1, 3, [lead])
    assert some.body["message"] == "1 lead updated, 3 failed (not found, already has status)"
    assert some.body["failures"][2] == {
        "leadId": "l4", "code": "ALREADY_HAS_STATUS", "error": "It is",
    }  # fmt: skip
