"""The edge of a button: verify, parse, authorise, once(decide, commit), reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from closedloop import wiring

with wiring.loading():
    from closedloop.core.command import Command
    from closedloop.core.decision import Context
    from closedloop.core.errors import ForbiddenError
    from closedloop.edge import request as incoming
    from closedloop.edge.once import once, refused
    from closedloop.edge.respond import Outcome, Response, respond

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from closedloop.core.decision import UseCase
    from closedloop.edge.request import Request

CommandT = TypeVar("CommandT", bound=Command)
Role = Literal["owner", "manager", "staff"]


@dataclass(frozen=True)
class Action(Generic[CommandT]):
    """One button: a Lambda handler that also says what it takes, for tests and the API's schema."""

    name: str
    command: type[CommandT]
    use_case: UseCase[CommandT]
    roles: frozenset[str]

    def __call__(self, event: Mapping[str, Any], _: object = None) -> Response:
        """Answer one request."""
        return respond(self.name, event, self._press)

    def _press(self, request: Request) -> Outcome:
        actor = incoming.actor(request)
        key = incoming.idempotency_key(request)
        command = incoming.command(request, self.command)
        repeated = incoming.repeated(request)
        context = Context(actor, self.name, key, wiring.now(), request_id=request.request_id)
        self._authorise(context)
        return once(command, context, self.use_case, repeated=repeated)

    def _authorise(self, context: Context) -> None:
        if not self.roles & context.actor.roles:
            refused(context, ForbiddenError.code)
            raise ForbiddenError


def action(
    name: str, command: type[CommandT], *, roles: AbstractSet[Role]
) -> Callable[[UseCase[CommandT]], Action[CommandT]]:
    """Make a use case into the button `name`, which those in `roles` may press."""

    def button(use_case: UseCase[CommandT]) -> Action[CommandT]:
        if wiring.in_lambda():
            with wiring.loading():
                # Built before the first request, so that SnapStart keeps them.
                wiring.store()
                wiring.reads()
        return Action(name, command, use_case, frozenset(roles))

    return button
