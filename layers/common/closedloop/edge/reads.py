"""The edge of reads: verify, parse, ask, reply. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core.errors import ForbiddenError, NotFoundError
from closedloop.edge import request as incoming
from closedloop.edge.respond import Outcome, Response, dump, respond

if TYPE_CHECKING:
    from closedloop.core.query import Question
    from closedloop.edge.request import Request

View = Callable[..., Mapping[str, Any]]
Routes = Mapping[str, tuple[type["Question"], View]]


@dataclass(frozen=True)
class ReadApi:
    """One Lambda for reads that need no role of their own; a route is `GET /api/...`."""

    routes: Routes

    def __call__(self, event: Mapping[str, Any], _: object = None) -> Response:
        """Answer one request."""
        return respond("read_api", event, self._answer)

    def _answer(self, request: Request) -> Outcome:
        if request.route not in self.routes:
            raise NotFoundError
        actor = incoming.actor(request)
        if not actor.roles:
            raise ForbiddenError
        model, view = self.routes[request.route]
        question = incoming.query(request, model)
        body = view(question, actor, wiring.reads(), wiring.now())
        return Outcome(200, dump({"success": True, **body}))


def api(routes: Routes) -> ReadApi:
    """Make views into a function: route → (what may be asked, the view that answers)."""
    if wiring.in_lambda():
        wiring.reads()  # built before the first request, so that SnapStart keeps it
    return ReadApi(routes)
