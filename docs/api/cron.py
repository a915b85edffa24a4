"""The route that a schedule outside of the stack may call: by a secret, for nobody signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from closedloop.core.errors import (
    NotFoundError,
    PayloadTooLargeError,
    RateLimitedError,
    ServiceUnavailableError,
    UnauthorizedError,
    UnsupportedMediaTypeError,
    ValidationFailedError,
)
from closedloop.square.refusals import PlanChangedError
from closedloop.square.rows import CronReconciled
from docs.api import refusals
from docs.api.answers import Answer
from docs.api.operations import tag

if TYPE_CHECKING:
    from closedloop.core.errors import ClosedLoopError
    from docs.api.schemas import Schema, Schemas

_TIME = {"type": "string", "format": "date-time"}

_QUERY = {
    "token": ({"type": "string"}, "The secret, where it does not come as a bearer token."),
    "dryRun": ({"type": "boolean"}, "Say what would be done, and write nothing."),
    "from": (_TIME, "Bookings that start from here on; the usual: a week ago."),
    "to": (_TIME, "And before this; the usual: in 86 days."),
    "org": ({"type": "string"}, "One business; the usual: all that are connected."),
    "plan": ({"type": "string"}, "The hash of a plan: what is not the same any more is refused."),
}

SCHEMES = {
    "Cron": {"type": "http", "scheme": "bearer", "description": "The secret of the stack's cron."}
}


@dataclass(frozen=True)
class CronOperation:
    """One of its methods."""

    folder: str
    method: str
    path: str

    def document(self, schemas: Schemas) -> dict[str, Any]:
        """The operation."""
        schema = Answer(CronReconciled).schema(schemas)
        content = {"application/json": {"schema": schema}}
        return {
            "operationId": f"{self.folder}_{self.method.lower()}",
            "summary": "A reconciliation with Square by hand.",
            "description": "For whoever has the secret. What one request has no time for goes on "
            "by itself, and `errors` says so. A POST may carry the parameters as a JSON object.",
            "tags": [tag(self.path)],
            "security": [{"Cron": []}, {}],
            "parameters": [_parameter(name, *each) for name, each in _QUERY.items()],
            "responses": {
                "200": {"description": "What came of it.", "content": content},
                **refusals.responses(_REFUSALS, {}, schemas),
            },
        }


_REFUSALS: dict[type[ClosedLoopError], str] = {
    ValidationFailedError: "A parameter does not fit.",
    UnauthorizedError: "The secret is missing or wrong.",
    NotFoundError: "The business is not connected with Square.",
    PlanChangedError: "The plan has changed.",
    PayloadTooLargeError: "The body is too large.",
    UnsupportedMediaTypeError: "The body is not JSON by its own word.",
    RateLimitedError: "Nothing was done; ask again.",
    ServiceUnavailableError: "The database does not answer.",
}


def _parameter(name: str, schema: Schema, meaning: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": meaning, "schema": schema}
