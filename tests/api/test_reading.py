"""How the description reads code: the forms that a new button may be written in."""

from __future__ import annotations

from typing import Any

import pytest

from closedloop.command import Command, RowId
from closedloop.decision import Context, Decision, Reply
from closedloop.edge.http import Action
from closedloop.errors import AlreadyConfirmedError, ForbiddenError, NotFoundError
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
        ForbiddenError, AlreadyConfirmedError: said together,
            on two lines.
    """
    del context
    some = {"lead": command.id}
    if command.status == "many":
        return Decision((), Reply(some | {"failed": 1}, 207 if command.id else 200))
    if command.status == "later":
        return Decision((), Reply({"sms": 1, "retrying": True}, 503, success=False, retry_after=9))
    return Decision((), _reply(command))


def _reply(command: Move) -> Reply:
    return Reply({"lead": command.id, "version": 1})


def _view(flag: int) -> dict[str, Any]:
    body: dict[str, Any] = {"jobs": []}
    body |= {"cursor": None}
    if flag:
        body = body | {"more": False}
        return body if flag > 1 else {**body, "resync": True}
    return _more()


def _more() -> dict[str, Any]:
    return {"as_of": None}


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
    assert replies.of_use_case(move) == {
        200: Answer(["lead", "failed", "version"]),
        207: Answer(["lead", "failed"]),
        503: Answer(["sms", "retrying"], success=False, waits=True),
    }


def test_a_status_of_both_is_either() -> None:
    """A rule may answer 503 with what it kept, where the edge answers 503 without."""
    unavailable = described()["responses"]["503"]
    kept, refused = unavailable["content"]["application/json"]["schema"]["anyOf"]
    assert kept["properties"]["success"] == {"const": False}
    assert "SERVICE_UNAVAILABLE" in str(refused)
    assert unavailable["headers"].keys() == {"X-Request-Id", "Idempotent-Replayed", "Retry-After"}


def test_a_view_answers_what_it_returns() -> None:
    """Through names, `if else`, `**` and helpers."""
    assert replies.of_view(_view) == {200: Answer(["jobs", "cursor", "more", "resync", "as_of"])}


def test_refusals_are_read_from_the_docstring() -> None:
    """One to a line, several to a line, and texts that go on."""
    assert refusals.named_by(move) == {
        NotFoundError: "there is none.",
        ForbiddenError: "said together, on two lines.",
        AlreadyConfirmedError: "said together, on two lines.",
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
