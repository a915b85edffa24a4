"""What the staff may write on a job, and what it leaves behind."""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from closedloop.core.errors import ForbiddenError, NotFoundError, ValidationFailedError
from closedloop.core.writes import ABSENT, Change, Check
from closedloop.jobs import model
from closedloop.jobs.errors import JobChangedError, WorkTransitionError
from closedloop.jobs.update import UpdateJob, update
from tests.jobs.support import context, job

if TYPE_CHECKING:
    from closedloop.core.decision import Context

STATUSES = ("scheduled", "checked_in", "in_progress", "qc", "ready", "completed", "cancelled")
FORWARD = list(pairwise(STATUSES[:6]))
"""The way of a job through the shop."""
BY_STAFF = {
    *FORWARD,
    ("scheduled", "in_progress"),
    ("checked_in", "scheduled"),
    ("in_progress", "checked_in"),
    ("in_progress", "ready"),
    ("qc", "in_progress"),
    ("ready", "in_progress"),
    ("ready", "qc"),
    *((each, "cancelled") for each in STATUSES[:5]),
}
"""docs/jobs.md, the table of moves."""
BEFORE = {"id": "u0", "email": "u0@example.com"}
BY_SENIORS = {("completed", "qc"), ("cancelled", "scheduled")}


def changed(seen: Context, **fields: Any) -> tuple[Change, dict[str, Any]]:
    """The change that the rule decides on, and the job that it answers with."""
    decided = update(UpdateJob.model_validate({"id": "job_1", **fields}), seen)
    (change,) = decided.writes
    assert isinstance(change, Change)
    return change, dict(decided.reply.body["job"])


@pytest.mark.parametrize(("status", "to"), list(product(STATUSES, STATUSES)))
def test_the_work_moves_as_the_table_says(status: str, to: str) -> None:
    """Every pair of states: allowed, for seniors alone, refused with the row, or already so."""
    row = job(workStatus=status)
    if status == to:
        decided = update(UpdateJob.model_validate({"id": "job_1", "workStatus": to}), context(row))
        assert decided.writes == (Check("jobs", "job_1", {"version": 5}),)
    elif (status, to) in BY_STAFF:
        change, shown = changed(context(row), workStatus=to)
        assert change.set["workStatus"] == shown["workStatus"] == to
    elif (status, to) in BY_SENIORS:
        with pytest.raises(ForbiddenError):
            changed(context(row), workStatus=to)
        for role in ("owner", "manager"):
            assert changed(context(row, role=role), workStatus=to)[1]["workStatus"] == to
    else:
        with pytest.raises(WorkTransitionError) as refusal:
            changed(context(row, role="owner"), workStatus=to)
        assert refusal.value.body["job"]["workStatus"] == status


def test_a_move_says_who_when_from_where_and_to_where() -> None:
    """The history grows at its end and loses nothing."""
    first = {"from": "scheduled", "to": "checked_in", "at": "then", "by": {"id": "u0"}}
    seen = context(job(workStatus="checked_in", statusHistory=[first]))
    change, _ = changed(seen, workStatus="in_progress")
    by = {"id": "u1", "email": "u1@example.com"}
    move = {"from": "checked_in", "to": "in_progress", "at": seen.timestamp, "by": by}
    assert change.set["statusHistory"] == [first, move]


def test_a_row_keeps_the_latest_hundred_moves() -> None:
    """A job that goes back and forth for ever does not grow for ever."""
    history = [{"to": "qc", "at": str(number)} for number in range(100)]
    change, _ = changed(context(job(statusHistory=history)), workStatus="checked_in")
    kept = change.set["statusHistory"]
    assert (len(kept), kept[0]["at"], kept[-1]["to"]) == (100, "1", "checked_in")


@pytest.mark.parametrize("status", ["qc", "in_progress"])
def test_work_is_ready_when_its_qc_is_done(status: str) -> None:
    """An open point of the QC list holds it back; the technician's own list does not."""
    points = [{"id": "a", "label": "Mirrors", "done": False}]
    lists = {"tech": [{"id": "t", "label": "Wash", "done": False}], "qc": points}
    seen = context(job(workStatus=status, checklist=lists))
    with pytest.raises(WorkTransitionError, match="Mirrors"):
        changed(seen, workStatus="ready")
    done = {"qc": [{"id": "a", "done": True}]}
    assert changed(seen, workStatus="ready", checklist=done)[1]["workStatus"] == "ready"


def test_work_whose_qc_was_taken_back_is_not_completed() -> None:
    """A point that is open again while the car waits holds it back too."""
    lists = {"tech": [], "qc": [{"id": "a", "label": "Mirrors", "done": False}]}
    with pytest.raises(WorkTransitionError):
        changed(context(job(workStatus="ready", checklist=lists)), workStatus="completed")


def test_a_tick_says_who_and_when_and_is_taken_back_whole() -> None:
    """What the request claims about who ticked it counts for nothing."""
    seen = context(job(checklist={"tech": [{"id": "a", "label": "Wash", "done": False}], "qc": []}))
    ticked = {
        "id": "a",
        "done": True,
        "by": {"id": "boss", "email": "boss@example.com"},
        "at": "1999",
    }
    change, _ = changed(seen, checklist={"tech": [ticked]})
    by = {"id": "u1", "email": "u1@example.com"}
    (point,) = change.set["checklist"]["tech"]
    assert point == {"id": "a", "label": "Wash", "done": True, "by": by, "at": seen.timestamp}
    again = context(job(checklist=change.set["checklist"]))
    (open_again,) = changed(again, checklist={"tech": [{"id": "a", "done": False}]})[0].set[
        "checklist"
    ]["tech"]
    assert open_again == {"id": "a", "label": "Wash", "done": False}


def test_a_tick_of_another_person_keeps_its_name() -> None:
    """Who sends the whole list again does not become the one who did the work."""
    theirs = {"id": "a", "label": "Wash", "done": True, "by": BEFORE, "at": "then"}
    seen = context(job(checklist={"tech": [theirs], "qc": []}))
    change, _ = changed(seen, checklist={"tech": [{**theirs}, {"id": "b", "label": "Dry"}]})
    assert change.set["checklist"]["tech"] == [theirs, {"id": "b", "label": "Dry", "done": False}]


@given(
    st.lists(st.sampled_from("abcd"), unique=True),
    st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans()), min_size=1, max_size=6),
)
def test_points_that_are_not_named_stay(there: list[str], asked: list[tuple[str, bool]]) -> None:
    """Whatever is changed, added or removed: the others stay as they are, in their order."""
    points = [{"id": each, "label": each, "done": False} for each in there]
    body = [{"id": each, "label": each, "removed": gone, "done": True} for each, gone in asked]
    seen = context(job(checklist={"tech": points, "qc": []}, notes="old"))
    change, _ = changed(seen, checklist={"tech": body}, notes="new")
    after = change.set.get("checklist", {"tech": points})["tech"]
    named = {each for each, _ in asked}
    assert [each for each in after if each["id"] not in named] == [
        each for each in points if each["id"] not in named
    ]
    last = dict(asked)
    assert {each["id"] for each in after} & named == {each for each in last if not last[each]}


@pytest.mark.parametrize("part", ["tech", "qc"])
def test_a_list_has_bounds(part: str) -> None:
    """A new point has a label, and a list a hundred points."""
    with pytest.raises(ValidationFailedError):
        changed(context(job()), checklist={part: [{"id": "a", "done": True}]})
    full = [{"id": str(number), "label": "x", "done": False} for number in range(100)]
    lists = {"tech": [], "qc": [], part: full}
    with pytest.raises(ValidationFailedError):
        changed(context(job(checklist=lists)), checklist={part: [{"label": "one more"}]})


@pytest.mark.parametrize("field", ["notes", "vehicleInfo", "postCompletionIssue", "payment"])
def test_what_a_job_may_lack_can_be_cleared(field: str) -> None:
    """Null removes the field and nothing else."""
    seen = context(job(**{field: "something"}))
    change, shown = changed(seen, **{field: None})
    assert change.set == {field: None}
    assert shown[field] is None
    decided = update(UpdateJob.model_validate({"id": "job_1", field: None}), context(job()))
    assert decided.writes == (Check("jobs", "job_1", {"version": 5}),)


def test_an_issue_remembers_who_reported_and_who_resolved_it() -> None:
    """What is written later does not change who said it first; open again is not resolved."""
    found, _ = changed(context(job()), postCompletionIssue={"description": "Streaks"})
    issue = found.set["postCompletionIssue"]
    by = {"id": "u1", "email": "u1@example.com"}
    assert (issue["status"], issue["reported_by"], issue["reported_at"]) == (
        "open", by, context().timestamp,
    )  # fmt: skip
    later = context(job(postCompletionIssue=issue), user="u2")
    said = {"description": "Streaks on the roof", "status": "resolved"}
    solved = changed(later, postCompletionIssue=said)[0].set["postCompletionIssue"]
    assert (solved["reported_by"], solved["resolved_by"]["id"]) == (by, "u2")
    again = context(job(postCompletionIssue=solved))
    opened = changed(again, postCompletionIssue={"description": "Back"})[0].set
    assert not {"resolved_at", "resolved_by"} & opened["postCompletionIssue"].keys()


def test_a_version_that_is_no_longer_true_is_refused_with_the_row() -> None:
    """`expectedVersion` is compared with the row that the change is made of."""
    with pytest.raises(JobChangedError) as refusal:
        changed(context(job()), notes="x", expectedVersion=4)
    assert refusal.value.body["job"]["version"] == 5
    assert changed(context(job()), notes="x", expectedVersion=5)[0].assume["version"] == 5


def test_a_change_is_of_the_row_that_was_read() -> None:
    """Nobody's change is lost: the write assumes the version, and the audit entry shows before."""
    seen = context(job(notes="old", workStatus="scheduled"))
    change, _ = changed(seen, notes="new", workStatus="checked_in")
    assert change.assume == {"version": 5, "workStatus": "scheduled", "notes": "old"}
    assert changed(context(job()), notes="new")[0].assume["notes"] is ABSENT


@pytest.mark.parametrize("name", [*model.FROM_SQUARE, *model.OF_THE_SYNC, "start", "createdBy"])
def test_what_is_not_the_staffs_cannot_be_named(name: str) -> None:
    """Square's fields are changed in Square."""
    with pytest.raises(ValidationError):
        UpdateJob.model_validate({"id": "job_1", name: "x"})


@pytest.mark.parametrize(
    "body",
    [
        {}, {"expectedVersion": 5}, {"workStatus": None}, {"checklist": None}, {"checklist": {}},
        {"workStatus": "done"}, {"vehicleInfo": {"": "x"}}, {"vehicleInfo": {"make": []}},
        {"vehicleInfo": {"make": True}}, {"payment": {"status": "paid", "amount_cents": 9.5}},
        {"payment": {"status": "paid", "amount_cents": -1}}, {"photosMeta": []},
        {"postCompletionIssue": {"description": ""}}, {"statusHistory": []},
    ],
)  # fmt: skip
def test_a_body_that_does_not_fit_is_refused(body: dict[str, Any]) -> None:
    """Something must be named, of the right type, and of what people write here."""
    with pytest.raises(ValidationError):
        UpdateJob.model_validate({"id": "job_1", **body})


def test_a_tombstone_is_no_job() -> None:
    """What is deleted is not found."""
    with pytest.raises(NotFoundError):
        changed(context(job(deleted_at="2026-11-20T10:00:00.000Z")), notes="x")
