"""How the description reads code: the forms that a new button may be written in."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from typing_extensions import TypedDict

from closedloop.core.command import Command, RowId
from closedloop.core.decision import Bulk, Context, Decision, Reply
from closedloop.core.errors import ClosedLoopError, ForbiddenError, NotFoundError
from closedloop.core.replies import Answered
from closedloop.edge.http import Action
from docs.api import answers, errors, operations, refusals
from docs.api.answers import Answer
from docs.api.schemas import ClashError, Schemas, never_null


class TooHeavyError(ClosedLoopError):
    """It is too heavy."""

    code = "TOO_HEAVY"
    status = 409
    sentence = "It is too heavy."

    def __init__(self, sentence: str | None = None, *, kilograms: int) -> None:
        super().__init__(sentence, kilograms=kilograms)


class Move(Command):
    """Move a lead."""

    id: RowId
    status: str


class LeadCarried(TypedDict):
    """It is somewhere else."""

    id: str


class LeadsCarried(TypedDict):
    """They are somewhere else."""

    ids: list[str]


class LeadDelayed(LeadCarried):
    """It will be somewhere else."""


Later = Decision[LeadCarried | Annotated[LeadDelayed, Answered(503, success=False)]]


def move(
    command: Move, context: Context
) -> Later | Bulk[LeadsCarried | Annotated[LeadsCarried, Answered(207)]]:
    """Move one lead.

    More about it,
    on two lines.

    Raises:
        NotFoundError: there is none.
        ForbiddenError, TooHeavyError: said together,
            on two lines.
    """
    if context.seen:
        raise TooHeavyError(kilograms=90)
    return Decision((), Reply(LeadCarried(id=command.id)))


BUTTON = Action("move_lead", Move, move, frozenset({"owner", "manager"}))


def described(schemas: Schemas | None = None) -> dict[str, Any]:
    """The button on a route with an id in its path."""
    button = operations.button("move_lead", BUTTON, "POST", "/api/leads/{id}/move", "Staff")
    return button.document(schemas or Schemas())


def test_a_new_button_is_described_by_itself() -> None:
    """From the action alone: its name, its promise, who may press it."""
    operation = described()
    assert operation["operationId"] == "move_lead_by_id"
    assert (operation["summary"], operation["tags"]) == ("Move one lead.", ["leads"])
    assert operation["description"].startswith("More about it, on two lines.\n\nA button for: ")
    assert (operation["security"], operation["x-roles"]) == ([{"Staff": []}], ["manager", "owner"])


def test_what_the_path_carries_is_not_in_the_body() -> None:
    """The id is a path parameter with its own schema, the rest is the body."""
    schemas = Schemas()
    operation = described(schemas)
    (path, *_) = operation["parameters"]
    assert (path["name"], path["in"], path["required"]) == ("id", "path", True)
    assert "pattern" in path["schema"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/MoveBody"}
    schema = schemas.found["MoveBody"]
    assert (list(schema["properties"]), schema["required"]) == (["status"], ["status"])


def test_an_open_route_says_so() -> None:
    """Without an authorizer nobody needs to sign in."""
    open_route = operations.button("x", BUTTON, "POST", "/api/x", None)
    assert open_route.document(Schemas())["security"] == []


def test_replies_are_read_from_the_annotation() -> None:
    """Of one decision or of many, behind another name, with any status."""
    assert answers.of_use_case(move) == [
        Answer(LeadCarried),
        Answer(LeadDelayed, 503, success=False),
        Answer(LeadsCarried),
        Answer(LeadsCarried, 207),
    ]


def test_replies_of_one_status_are_either() -> None:
    """Each by its name."""
    done = described()["responses"]["200"]["content"]["application/json"]["schema"]
    names = ("LeadCarried", "LeadsCarried")
    assert done == {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]}


def test_what_a_refusal_carries_is_what_its_constructor_takes() -> None:
    """It has a schema of its own; one that carries nothing is an Error."""
    schemas = Schemas()
    assert errors.schema(TooHeavyError, schemas) == {"$ref": "#/components/schemas/TooHeavy"}
    assert errors.schema(NotFoundError, schemas) == {"$ref": "#/components/schemas/Error"}
    shown = schemas.found["TooHeavy"]
    assert shown["properties"]["code"]["const"] == "TOO_HEAVY"
    assert shown["properties"]["kilograms"] == {"type": "integer"}
    assert shown["required"] == ["success", "error", "code", "request_id", "kilograms"]
    assert errors.code_of_error(schemas)["enum"] == ["NOT_FOUND"]


def test_a_status_of_both_is_either() -> None:
    """A rule may answer 503 with what it kept, where the edge answers 503 without."""
    unavailable = described()["responses"]["503"]
    either = unavailable["content"]["application/json"]["schema"]["anyOf"]
    names = [each["$ref"].rpartition("/")[2] for each in either]
    assert names == ["LeadDelayed", "Error", "GatewayError"]
    assert unavailable["x-codes"] == ["SERVICE_UNAVAILABLE"]
    assert unavailable["headers"].keys() == {"X-Request-Id", "Idempotent-Replayed", "Retry-After"}


def test_refusals_are_read_from_the_docstring() -> None:
    """One to a line, several to a line, and texts that go on."""
    assert refusals.named_by(move) == {
        NotFoundError: "there is none.",
        ForbiddenError: "said together, on two lines.",
        TooHeavyError: "said together, on two lines.",
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
