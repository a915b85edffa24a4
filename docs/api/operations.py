"""Operations: one route of the API, described from its handler."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from closedloop.realtime.handlers.ticket import issue
from closedloop.realtime.tickets import NewTicket
from docs.api import answers, asked, examples, headers, refusals
from docs.api.schemas import Schema, Schemas, never_null, without

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

    from closedloop.edge.http import Action
    from closedloop.edge.reads import ReadApi
    from closedloop.realtime.handlers.ticket import Issuer


@dataclass(frozen=True)
class Operation:
    """One route: where it is, what it takes and which function decides what it answers."""

    folder: str
    method: str
    path: str
    authorizer: str | None
    name: str
    model: type[BaseModel]
    rule: Callable[..., Any]
    answers: list[answers.Answer]
    roles: tuple[str, ...] | None = None
    """The roles that may press the button; None for a view."""
    shown: asked.Examples = field(default_factory=dict)
    """Some of what it answers."""

    @property
    def route(self) -> str:
        """As the gateway names it."""
        return f"{self.method} {self.path}"

    @property
    def is_button(self) -> bool:
        """Whether it changes something: it takes a body and a key."""
        return self.roles is not None

    @property
    def path_names(self) -> list[str]:
        """The names of the path's parameters."""
        return re.findall(r"{(\w+)\+?}", self.path)

    def document(self, schemas: Schemas) -> dict[str, Any]:
        """The operation as OpenAPI writes it; the schemas it refers to are added to `schemas`."""
        schema = schemas.of(self.model)
        summary, description = promise(self.rule)
        return {
            "operationId": "_by_".join([self.name, *self.path_names]),
            "summary": summary,
            "description": "\n\n".join(filter(None, (description, self._who()))),
            "tags": [tag(self.path)],
            "security": [{self.authorizer: []}] if self.authorizer else [],
            **({"x-roles": list(self.roles)} if self.roles else {}),
            "parameters": self._parameters(schema),
            **({"requestBody": self._body(schema, schemas)} if self.is_button else {}),
            "responses": self._answers(schemas),
        }

    def _who(self) -> str:
        if self.roles is None:
            return "For everybody of the business who has a role."
        return f"A button for: {', '.join(self.roles)}. A repeat of its key gets the first answer."

    def _parameters(self, schema: Schema) -> list[dict[str, Any]]:
        fields, required = schema.get("properties", {}), schema.get("required", [])
        path = [
            self._parameter("path", name, fields.get(name, {"type": "string"}), required=True)
            for name in self.path_names
        ]
        if self.is_button:
            return [*path, *headers.keys()]
        query = [
            self._parameter("query", name, fields[name], required=name in required)
            for name in fields
            if name not in self.path_names
        ]
        return [*path, *query]

    def _parameter(self, place: str, name: str, field: Schema, *, required: bool) -> dict[str, Any]:
        return {
            "name": name,
            "in": place,
            **({"required": True} if required else {}),
            "schema": never_null(field),
            **examples.parameter(self.folder, self.route, place, name),
        }

    def _body(self, schema: Schema, schemas: Schemas) -> dict[str, Any]:
        whole = without(schema, self.path_names)
        # With a part of it in the path, the body is not the whole command.
        name = self.model.__name__ + ("Body" if self.path_names else "")
        shown = schemas.keep(name, whole)
        found = examples.bodies(self.folder, self.route, self.model)
        content = {"schema": shown, **({"examples": found} if found else {})}
        return {"required": True, "content": {"application/json": content}}

    def _answers(self, schemas: Schemas) -> dict[str, Any]:
        edge = refusals.of_edge(button=self.is_button)
        refused = refusals.together(edge, refusals.named_by(self.rule))
        found = refusals.responses(refused, self.shown, schemas)
        for status in sorted({each.status for each in self.answers}):
            shown = self._answer(status, schemas)
            both = refusals.of_status(refused, status)
            found[str(status)] = refusals.or_else(shown, both, schemas) if both else shown
        return dict(sorted(found.items()))

    def _answer(self, status: int, schemas: Schemas) -> dict[str, Any]:
        sent = ["X-Request-Id"]
        sent += ["Idempotent-Replayed"] if self.is_button else []
        sent += ["Retry-After"] if status == HTTPStatus.SERVICE_UNAVAILABLE else []
        bodies = [each.schema(schemas) for each in self.answers if each.status == status]
        content = {"schema": refusals.any_of(bodies)}
        content |= {"examples": self.shown[status]} if status in self.shown else {}
        return {
            "description": HTTPStatus(status).phrase,
            "headers": headers.sent(*sent),
            "content": {"application/json": content},
        }


def button(
    folder: str, action: Action[Any], method: str, path: str, authorizer: str | None
) -> Operation:
    """A route of a button."""
    return Operation(
        folder,
        method,
        path,
        authorizer,
        action.name,
        action.command,
        action.use_case,
        answers.of_use_case(action.use_case),
        tuple(sorted(action.roles)),
        asked.examples(folder, f"{method} {path}", action),
    )


def view(folder: str, api: ReadApi, method: str, path: str, authorizer: str | None) -> Operation:
    """A route of a read."""
    model, shown = api.routes[f"{method} {path}"]
    names = answers.of_view(shown)
    return Operation(folder, method, path, authorizer, shown.__name__, model, shown, names)


def ticket(folder: str, desk: Issuer, method: str, path: str, authorizer: str | None) -> Operation:
    """The route of tickets for sockets: no button, for it takes no key and changes nothing."""
    names = answers.of_view(issue)
    return Operation(folder, method, path, authorizer, desk.name, NewTicket, issue, names)


def tag(path: str) -> str:
    """The part of the API that a path belongs to."""
    return path.removeprefix("/api/").partition("/")[0]


def promise(function: Callable[..., Any]) -> tuple[str, str]:
    """The first line of a docstring, and the rest of it without its sections."""
    first, _, rest = (inspect.getdoc(function) or function.__name__).partition("\n")
    text = re.split(r"\n(?:Args|Raises|Returns):\n", rest)[0]
    return first, re.sub(r"(?<!\n)\n(?!\n)", " ", text.strip())
