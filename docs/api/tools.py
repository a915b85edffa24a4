"""The voice agent's tools: bare arguments as any button takes them, or Vapi's envelope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from closedloop.core import errors as core
from docs.api import answers, asked, examples, headers, refusals
from docs.api.operations import promise, tag

if TYPE_CHECKING:
    from closedloop.edge.tool import Tool, Toolbox
    from docs.api.schemas import Schema, Schemas

SCHEMES: dict[str, Any] = {
    "VapiBearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "The org's credential at Vapi, which also says whose call it is.",
    },
    "VapiSecret": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Vapi-Secret",
        "description": "The same, in the header of older assistants. A third way is a signature: "
        "`X-Signature`, the hex HMAC-SHA256 of `{timestamp}.{body}`, with `X-Timestamp` at most "
        "five minutes old, sent to an address with `?credential=<id>`.",
    },
}

_SECURITY: list[dict[str, list[str]]] = [{name: []} for name in SCHEMES]
_NEVER = {core.ForbiddenError, core.IdempotencyKeyRequiredError}
"""What the edge of tools does not refuse: a credential has no roles, and a key may be left out."""

_MESSAGE: dict[str, Any] = {
    "type": "object",
    "description": "A message of Vapi's: https://docs.vapi.ai/server-url/events. Calls of tools "
    "are read in every shape in which they have been seen: arguments as an object or as JSON "
    "text, flat or nested, several at once.",
    "properties": {"type": {"type": "string", "description": "`tool-calls`, or another one."}},
}

_RESULT: dict[str, Any] = {
    "type": "object",
    "description": "The answer to one call: a line to be spoken, also where it was refused.",
    "properties": {
        "toolCallId": {"type": "string"},
        "name": {"type": "string"},
        "result": {"type": "string", "maxLength": 300},
    },
    "required": ["toolCallId", "name", "result"],
}


def _envelope(schemas: Schemas) -> Schema:
    """What Vapi sends."""
    whole = {
        "type": "object",
        "description": "What Vapi sends in the place of bare arguments.",
        "properties": {"message": schemas.keep("VapiMessage", _MESSAGE)},
        "required": ["message"],
    }
    return schemas.keep("VapiEnvelope", whole)


def _results(schemas: Schemas) -> Schema:
    """What it is answered."""
    whole = {
        "type": "object",
        "description": "One result for each call, in order; `result` is the old format's only one.",
        "properties": {
            "results": {"type": "array", "items": schemas.keep("ToolResult", _RESULT)},
            "result": {"type": "string", "maxLength": 300},
        },
        "anyOf": [{"required": ["results"]}, {"required": ["result"]}],
    }
    return schemas.keep("ToolResults", whole)


def _unanswered() -> Schema:
    """How a message without a call is answered."""
    return {
        "description": "A message that wants no answer. The end of a call is heeded.",
        "headers": headers.sent("X-Request-Id"),
    }


@dataclass(frozen=True)
class ToolOperation:
    """One route of a tool."""

    folder: str
    method: str
    path: str
    tool: Tool[Any]

    @property
    def route(self) -> str:
        """As the gateway names it."""
        return f"{self.method} {self.path}"

    def document(self, schemas: Schemas) -> dict[str, Any]:
        """The operation as OpenAPI writes it."""
        summary, description = promise(self.tool.use_case)
        about = "In an envelope it is always answered 200, with a line to be spoken."
        return {
            "operationId": self.folder,
            "summary": summary,
            "description": "\n\n".join(filter(None, (description, about))),
            "tags": [tag(self.path)],
            "security": _SECURITY,
            "parameters": _keys(),
            "requestBody": self._body(schemas),
            "responses": self._answers(schemas),
        }

    def _body(self, schemas: Schemas) -> dict[str, Any]:
        model = self.tool.command
        shown = schemas.keep(model.__name__, schemas.of(model))
        either = {"anyOf": [shown, _envelope(schemas)]}
        found = examples.bodies(self.folder, self.route, model)
        content = {"schema": either, **({"examples": found} if found else {})}
        return {"required": True, "content": {"application/json": content}}

    def _answers(self, schemas: Schemas) -> dict[str, Any]:
        edge = {
            each: when for each, when in refusals.of_edge(button=True).items() if each not in _NEVER
        }
        refused = refusals.together(edge, refusals.named_by(self.tool.use_case))
        shown = asked.examples(self.folder, self.route, self.tool)
        found = refusals.responses(refused, shown, schemas)
        replies = answers.of_use_case(self.tool.use_case)
        for status in sorted({each.status for each in replies}):
            answer = self._answer(
                status, [each for each in replies if each.status == status], shown, schemas
            )
            both = refusals.of_status(refused, status)
            found[str(status)] = refusals.or_else(answer, both, schemas) if both else answer
        return dict(sorted({**found, "204": _unanswered()}.items()))

    @staticmethod
    def _answer(
        status: int, replies: list[answers.Answer], shown: asked.Examples, schemas: Schemas
    ) -> dict[str, Any]:
        bodies = [each.schema(schemas) for each in replies]
        if status == 200:  # noqa: PLR2004 - HTTP's own
            bodies.append(_results(schemas))
        content: Schema = {"schema": refusals.any_of(bodies)}
        content |= {"examples": shown[status]} if status in shown else {}
        return {
            "description": "Done, or a refusal that is counted." if status != 200 else "Done.",  # noqa: PLR2004
            "headers": headers.sent("X-Request-Id", "Idempotent-Replayed"),
            "content": {"application/json": content},
        }


@dataclass(frozen=True)
class Switchboard:
    """The one address for all tools and messages."""

    folder: str
    method: str
    path: str

    def document(self, schemas: Schemas) -> dict[str, Any]:
        """The operation as OpenAPI writes it."""
        edge = {
            each: when
            for each, when in refusals.of_edge(button=True).items()
            if each in _OF_THE_WEBHOOK
        }
        found = refusals.responses(edge, {}, schemas)
        envelope, results = _envelope(schemas), _results(schemas)
        done = {
            "200": {
                "description": "Each call is answered.",
                "headers": headers.sent("X-Request-Id"),
                "content": {"application/json": {"schema": results}},
            },
            "204": _unanswered(),
        }
        return {
            "operationId": self.folder,
            "summary": "Every tool by its name, and what else Vapi tells of a call.",
            "description": "For an assistant with one server address. At the end of a call a hold "
            "that nobody has verified is given back two minutes later.",
            "tags": [tag(self.path)],
            "security": _SECURITY,
            "parameters": [],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": envelope}},
            },
            "responses": dict(sorted({**done, **found}.items())),
        }


def operation(folder: str, method: str, path: str, toolbox: Toolbox) -> ToolOperation | Switchboard:
    """A route of one tool, or of all."""
    if toolbox.only is None:
        return Switchboard(folder, method, path)
    return ToolOperation(folder, method, path, toolbox.only)


_OF_THE_WEBHOOK: set[type[core.ClosedLoopError]] = {
    core.ValidationFailedError, core.UnauthorizedError, core.PayloadTooLargeError,
    core.UnsupportedMediaTypeError, core.RateLimitedError, core.InternalError,
    core.ServiceUnavailableError,
}  # fmt: skip


def _keys() -> list[dict[str, Any]]:
    """The key's headers, which a tool may do without: its rules make a repeat safe."""
    return [
        {name: each for name, each in parameter.items() if name != "required"}
        for parameter in headers.PARAMETERS.values()
    ]
