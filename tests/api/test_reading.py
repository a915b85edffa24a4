"""How the description reads code: the forms that a new button may be written in."""

from __future__ import annotations

from typing import Any

import pytest

from closedloop.core.command import Command, RowId
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.errors import ForbiddenError, NotFoundError
from closedloop.edge.http import Action
from closedloop.people.errors import AlreadyHasStatusError
from docs.api import operations, refusals, replies
from docs.api.replies import Answer
from docs.api.schemas import ClashError, Schemas, never_null


class Move(Command):
    """Move a lead."""

    id: RowId
    status: str


def move(command: Move, context: Context) -> Decision:
    """Move one lead.

    More about it,
    on two lines.

    Raises:
        NotFoundError: there is none.
        ForbiddenError, AlreadyHasStatusError: said together,
            on two lines.
    """
    if context.seen:
        raise AlreadyHasStatusError(lead=context.seen)
    some = {"lead": command.id}
    if command.status == "many":
        return Decision((), Reply(some | {"failed": 1}, 207 if command.id else 200))
    if command.status == "later":
        return Decision((), Reply({"sms": 1, "retrying": True}, 503, success=False, retry_after=9))
    return Decision((), _reply(command))


def _reply(command: Move) -> Reply:
    return Reply({"lead": command.id, "message": "moved"})


def _view(flag: int) -> dict[str, Any]:
    body: dict[str, Any] = {"jobs": []}
    body |= {"cursor": None}
    if flag:
        body = body | {"more": False}
        return body if flag > 1 else {**body, "resync": True}
    return _more(flag)


def _more(flag: int) -> dict[str, Any]:
    for _ in range(flag):
        body = {"never": "told"}
        del body
    return {"as_of": None}


def _worked_out(flag: int) -> dict[str, Any]:
    return {f"name_{flag}": flag}


def _from_elsewhere(flag: int) -> dict[str, Any]:
    return dict.fromkeys(("flag",), flag)


BUTTON = Action("move_lead", Move, move, frozenset({"owner", "manager"}))


def described() -> dict[str, Any]:
    """The button on a route with an id in its path."""
    return operations.button("move_lead", BUTTON, "POST", "/api/leads/{id}/move", "Staff").document(
        Schemas()
    )


def test_a_new_button_is_described_by_itself() -> None:
    """From the action alone: its name, its promise, who may press it."""
    operation = described()
    assert operation["operationId"] == "move_lead_by_id"
    assert (operation["summary"], operation["tags"]) == ("Move one lead.", ["leads"])
    assert operation["description"] == "More about it, on two lines."
    assert (operation["security"], operation["x-roles"]) == ([{"Staff": []}], ["manager", "owner"])


def test_what_the_path_carries_is_not_in_the_body() -> None:
    """The id is a path parameter with its own schema, the rest is the body."""
    operation = described()
    (path, *_) = operation["parameters"]
    assert (path["name"], path["in"], path["required"]) == ("id", "path", True)
    assert "pattern" in path["schema"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert (list(schema["properties"]), schema["required"]) == (["status"], ["status"])


def test_an_open_route_says_so() -> None:
    """Without an authorizer nobody needs to sign in."""
    open_route = operations.button("x", BUTTON, "POST", "/api/x", None)
    assert open_route.document(Schemas())["security"] == []


def test_replies_are_found_wherever_a_use_case_writes_them() -> None:
    """In itself and in its helpers, joined by `|`, kept in a name, with any status."""
    always = dict.fromkeys(("lead", "failed"), True)
    assert replies.of_use_case(move) == {
        200: Answer([always, {"lead": True, "message": True}]),
        207: Answer([always]),
        503: Answer([{"sms": True, "retrying": True}], success=False, waits=True),
    }


def test_what_a_refusal_carries_is_found_where_it_is_raised() -> None:
    """The names beside its words; the errors of the docstring alone carry none."""
    assert replies.of_refusals(move) == {"AlreadyHasStatusError": {"lead": True}}
    conflict = described()["responses"]["409"]["content"]["application/json"]["schema"]["anyOf"]
    (_, first), (_, second) = (each["allOf"] for each in conflict)
    assert first["properties"]["code"]["enum"] == ["ALREADY_HAS_STATUS"]
    assert (list(first["properties"]), first["required"]) == (["code", "lead"], ["code", "lead"])
    assert list(second["properties"]) == ["code"]


def test_a_status_of_both_is_either() -> None:
    """A rule may answer 503 with what it kept, where the edge answers 503 without."""
    unavailable = described()["responses"]["503"]
    kept, refused = unavailable["content"]["application/json"]["schema"]["anyOf"]
    assert kept["properties"]["success"] == {"const": False}
    assert "SERVICE_UNAVAILABLE" in str(refused)
    assert unavailable["headers"].keys() == {"X-Request-Id", "Idempotent-Replayed", "Retry-After"}


def test_a_view_answers_what_it_returns() -> None:
    """Through names, `if else`, `**` and helpers; what one way leaves out is not always there."""
    one_way = {"jobs": True, "cursor": True, "more": True, "resync": False}
    assert replies.of_view(_view) == {200: Answer([one_way, {"as_of": True}])}


@pytest.mark.parametrize("view", [_worked_out, _from_elsewhere])
def test_an_answer_that_cannot_be_read_is_noticed(view: Any) -> None:
    """A name that is worked out would be missing in the description without a word."""
    with pytest.raises(replies.UnreadableError, match=view.__name__):
        replies.of_view(view)


def test_refusals_are_read_from_the_docstring() -> None:
    """One to a line, several to a line, and texts that go on."""
    assert refusals.named_by(move) == {
        NotFoundError: "there is none.",
        ForbiddenError: "said together, on two lines.",
        AlreadyHasStatusError: "said together, on two lines.",
    }


def test_a_refusal_that_does_not_exist_is_noticed() -> None:
    """A misspelt name in a docstring stops the generator."""

    def rule() -> None:
        """Do it.

        Raises:
            NotFundError: there is none.
        """

    with pytest.raises(refusals.UnknownErrorError, match="NotFundError"):
        refusals.named_by(rule)


def test_both_reasons_of_a_refusal_are_told() -> None:
    """What the edge says of a code is not lost where the rule says more."""
    edge = {ForbiddenError: "Not your role.", NotFoundError: "None."}
    both = refusals.together(edge, {ForbiddenError: "not your lead."})
    assert both == {
        ForbiddenError: "Not your role. Here also: not your lead.",
        NotFoundError: "None.",
    }


def test_two_models_of_one_name_are_noticed() -> None:
    """A reference never leads to the other one's schema."""
    schemas = Schemas()
    schemas.keep("Move", {"type": "object"})
    with pytest.raises(ClashError, match="Move"):
        schemas.keep("Move", {"type": "string"})


def test_a_parameter_is_absent_rather_than_null() -> None:
    """What pydantic writes as "string or null" is an optional string in a URL."""
    optional = {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}
    either = {"anyOf": [{"type": "string"}, {"type": "integer"}]}
    assert never_null(optional) == {"type": "string"}
    assert never_null(either) == either
