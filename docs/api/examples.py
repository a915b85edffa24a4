"""Examples: the event files that the tests press the buttons with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from closedloop.core.errors import ClosedLoopError
from closedloop.edge import request as incoming
from closedloop.edge.request import Request
from tests.support.actions import event_of, given
from tests.support.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel


@dataclass(frozen=True)
class Scenario:
    """One event file of a route and what it is answered with."""

    name: str
    request: Request
    status: int
    code: str | None

    @cached_property
    def summary(self) -> str:
        """The answer in a word or two."""
        return " ".join(filter(None, (f"Answers {self.status}", self.code)))


def scenarios(folder: str, route: str) -> Iterator[Scenario]:
    """The scenarios of a function's route, in the order in which they are listed."""
    if not (ROOT / "events" / folder / "given.json").exists():
        return
    for name, answer in given(folder)["expect"].items():
        request = Request.read(event_of(folder, name))
        if request.route == route:
            yield Scenario(name, request, answer["status"], answer.get("code"))


def bodies(folder: str, route: str, model: type[BaseModel]) -> dict[str, Any]:
    """Bodies that the button takes, refused by its rule or not."""
    return {
        each.name: {"summary": each.summary, "value": body}
        for each in scenarios(folder, route)
        if (body := _body(each.request, model)) is not None
    }


def parameter(folder: str, route: str, place: str, name: str) -> dict[str, Any]:
    """Values of one parameter (`place`: path or query) in the scenarios that succeed."""
    asked = {
        each.name: getattr(each.request, place).get(name)
        for each in scenarios(folder, route)
        if each.status < 400  # noqa: PLR2004 - HTTP's own
    }
    examples = {
        scenario: {"value": value} for scenario, value in asked.items() if value is not None
    }
    return {"examples": examples} if examples else {}


def _body(request: Request, model: type[BaseModel]) -> dict[str, Any] | None:
    try:
        incoming.key_if_any(request)
        taken = incoming.command(request, model)
    except ClosedLoopError:
        return None
    sent = taken.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {name: value for name, value in sent.items() if name not in request.path}
