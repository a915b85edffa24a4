"""The edge of a voice agent's tools: verify, parse, once(decide, commit), and a line to be spoken.

An envelope of the agent is always answered with 200 and one line for each call in it; whoever
sends the bare arguments is answered as by any button. Nothing is parsed before the credential.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from closedloop import wiring

with wiring.loading():
    from closedloop.core.command import Command
    from closedloop.core.decision import Actor, Context
    from closedloop.core.errors import (
        ClosedLoopError,
        PayloadTooLargeError,
        ValidationFailedError,
    )
    from closedloop.edge import log
    from closedloop.edge import request as incoming
    from closedloop.edge.once import once
    from closedloop.edge.respond import Outcome, Response, answered, dump, respond
    from closedloop.edge.rounds import rounds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from closedloop.core.decision import UseCase
    from closedloop.edge.request import Request

CommandT = TypeVar("CommandT", bound=Command)

VOICE = "voice"
"""Who acts, as the journal says it."""

MAX_ENVELOPE_BYTES = 1024 * 1024
"""An envelope carries the whole conversation; bare arguments are as small as any button's."""

MOST_CALLS = 10
"""Calls of one envelope that are carried out; the others are asked to come again."""

LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a tool: `arguments` is None if they cannot be read.

    `key` names this very call within its conversation; without one a repeat cannot be told.
    `known` is what the platform says of the caller by itself.
    """

    id: str
    name: str
    arguments: Mapping[str, Any] | None
    key: str | None
    known: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the agent's platform has sent: calls of tools, or a message that wants no answer."""

    calls: tuple[Call, ...]
    message: Mapping[str, Any]
    legacy: bool = False
    """The old format of one call, which is answered without its id."""


@dataclass(frozen=True)
class Tool(Generic[CommandT]):
    """One tool: what it takes and the rule that decides, whose reply carries its `spoken` line.

    A tool that changes nothing keeps its answer for a repeat of the same call alone.
    """

    name: str
    command: type[CommandT]
    use_case: UseCase[CommandT]
    changes: bool = True

    def asked(self, org_id: str, arguments: dict[str, Any], key: str | None, by: Asker) -> Outcome:
        """Do it once for each key; without one it is done as far as its rule allows a repeat."""
        command = incoming.validated(self.command, arguments)
        actor = Actor(VOICE, "", org_id, frozenset())
        context = Context(
            actor, self.name, key or secrets.token_urlsafe(24), wiring.now(),
            request_id=by.request_id, chance=secrets.token_hex(16),
        )  # fmt: skip
        if key is None and not self.changes:
            return rounds(context, partial(self._shown, command))
        return once(command, context, self.use_case, repeated=by.repeated)

    def _shown(self, command: CommandT, context: Context) -> Outcome:
        decided: Any = self.use_case(command, context)
        return Outcome(**answered(decided.reply))


@dataclass(frozen=True, slots=True)
class Asker:
    """What the request says beside its body."""

    request_id: str
    repeated: bool = False


@dataclass(frozen=True)
class Platform:
    """How the agent's platform proves itself, writes calls, and wants to hear refusals.

    `verify` is given the request and its bytes and says whose it is (UnauthorizedError);
    `opened` reads an envelope, None for bare arguments; `fitted` makes a call's arguments those of
    a command; `said` is the line of a refusal.
    """

    verify: Callable[[Request, bytes], str]
    opened: Callable[[Mapping[str, Any]], Envelope | None]
    fitted: Callable[[Call, type[Command]], dict[str, Any]]
    said: Callable[[ClosedLoopError | None], str]
    same: Callable[[str], str]
    """A tool's name, however it is written."""
    names: frozenset[str]
    """Of all tools: on the route of one, the name of another is a mistake."""
    unknown: str
    """What is said to a name that no tool has."""
    unreadable: str
    """What is said to arguments that cannot be read."""
    too_many: str
    """What is said to the calls beyond MOST_CALLS."""


@dataclass(frozen=True)
class Toolbox:
    """A function that answers for some tools.

    With one tool the route says which is meant. `noticed` is told of every message that is no call.
    """

    name: str
    tools: Mapping[str, Tool[Any]]
    platform: Platform
    noticed: Callable[[str, str, Mapping[str, Any]], None] | None = None

    @property
    def only(self) -> Tool[Any] | None:
        """Its tool, if it has just one of its own."""
        found = list(self.tools.values())
        return found[0] if len(found) == 1 else None

    def __call__(self, event: Mapping[str, Any], _: object = None) -> Response:
        """Answer one request."""
        notes: dict[str, Any] = {}
        return respond(self.name, event, partial(self._answer, notes), notes)

    def _answer(self, notes: dict[str, Any], request: Request) -> Outcome:
        sent = _bytes(request)
        org_id = self.platform.verify(request, sent)
        notes |= {"org_id": org_id, "actor": VOICE}
        incoming.calls_itself_json(request)
        if len(sent) > MAX_ENVELOPE_BYTES:
            raise PayloadTooLargeError
        try:
            fields = incoming.json_object(sent)
            envelope = self.platform.opened(fields)
        except ValidationFailedError:
            incoming.body(request)  # too much is said first
            raise
        if envelope is None:
            return self._plain(org_id, request, fields)
        notes["calls"] = len(envelope.calls)
        return self._spoken(org_id, request, envelope)

    def _plain(self, org_id: str, request: Request, arguments: dict[str, Any]) -> Outcome:
        incoming.body(request)
        tool = self.only
        if tool is None:
            raise ValidationFailedError.at("message", "Send an envelope with calls of tools.")
        asker = Asker(request.request_id, incoming.repeated(request))
        return tool.asked(org_id, arguments, incoming.key_if_any(request), asker)

    def _spoken(self, org_id: str, request: Request, envelope: Envelope) -> Outcome:
        if not envelope.calls:
            if self.noticed:
                self.noticed(self.name, org_id, envelope.message)
            return Outcome(204, "")
        asker = Asker(request.request_id)
        lines = [
            self._line(org_id, call, asker, late=number >= MOST_CALLS)
            for number, call in enumerate(envelope.calls)
        ]
        if envelope.legacy:
            return Outcome(200, dump({"result": lines[0]}))
        results = [
            {"toolCallId": call.id, "name": call.name, "result": line}
            for call, line in zip(envelope.calls, lines, strict=True)
        ]
        return Outcome(200, dump({"results": results}))

    def _line(self, org_id: str, call: Call, asker: Asker, *, late: bool) -> str:
        """The one line that answers a call, whatever happens."""
        said = self.platform.said
        try:
            return one_line(self._said(org_id, call, asker, late=late))
        except ClosedLoopError as refusal:
            return one_line(said(refusal))
        except Exception as error:  # noqa: BLE001 - the other calls of the envelope are answered
            log.fault(self.name, error, request_id=asker.request_id)
            return one_line(said(None))

    def _said(self, org_id: str, call: Call, asker: Asker, *, late: bool) -> str:
        tool = self._meant(call.name)
        if tool is None:
            return self.platform.unknown
        if call.arguments is None:
            return self.platform.unreadable
        if late:
            return self.platform.too_many
        arguments = self.platform.fitted(call, tool.command)
        outcome = tool.asked(org_id, arguments, call.key, asker)
        return str(json.loads(outcome.body)["spoken"])

    def _meant(self, name: str) -> Tool[Any] | None:
        """The tool of this name; where the route is one tool's, a name of the assistant's own."""
        same = self.platform.same(name)
        if same in self.tools:
            return self.tools[same]
        return None if same in self.platform.names else self.only


def one_line(text: str) -> str:
    """The text on one line, cut between words where it is longer than may be spoken."""
    flat = " ".join(text.split())
    if len(flat) <= LONGEST_LINE:
        return flat
    return flat[: LONGEST_LINE - 1].rpartition(" ")[0].rstrip(",;") + "."


def _bytes(request: Request) -> bytes:
    try:
        return incoming.body(request, most=6 * MAX_ENVELOPE_BYTES)
    except ClosedLoopError:
        return b""  # unreadable, which is said once it is known who asks


def toolbox(
    name: str,
    tools: Mapping[str, Tool[Any]],
    platform: Platform,
    noticed: Callable[[str, str, Mapping[str, Any]], None] | None = None,
) -> Toolbox:
    """A function that answers for these tools."""
    if wiring.in_lambda():
        with wiring.loading():
            wiring.store()
            wiring.reads()
            wiring.lookups()
    return Toolbox(name, tools, platform, noticed)
