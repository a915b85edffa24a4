"""Vapi, as the edge of tools knows it: its proof, its envelopes, and how refusals are said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core.errors import UnauthorizedError
from closedloop.edge.tool import Call, Envelope, Platform, Tool, Toolbox, toolbox
from closedloop.texts import codes
from closedloop.texts import wiring as texts
from closedloop.voice import credentials, envelope, refusals
from closedloop.voice import wiring as voice
from closedloop.voice.toolset import NAMES, said_number, same_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.core.command import Command
    from closedloop.core.decision import UseCase
    from closedloop.edge.request import Request

wiring.provided[codes.KEY] = lambda: texts.code_key()  # noqa: PLW0108 - looked up at each use

_MEANT = {
    "appointment": "appointmentId", "callernumber": "phone", "customername": "name",
    "hold": "holdId", "otp": "code", "otpcode": "code", "phonenumber": "phone", "pin": "code",
    "service": "serviceId", "slot": "slotId",
}  # fmt: skip
"""What assistants call arguments of ours, by lower-case name."""


def verify(request: Request, body: bytes) -> str:
    """Whose request it is.

    Raises:
        UnauthorizedError: no credential, an unknown one, or a signature that does not fit.
    """
    if credentials.SIGNATURE in request.headers:
        return _signed(request, body)
    token = credentials.token(request.headers)
    org_id = voice.org_of(credentials.of_token(token)) if token else None
    if org_id is None:
        raise UnauthorizedError
    return org_id


def _signed(request: Request, body: bytes) -> str:
    credential_id = credentials.credential_id(request.query)
    if credential_id is None:
        raise UnauthorizedError
    keys = voice.signing_keys(credential_id)
    genuine = credentials.genuine(request.headers, body, keys, wiring.now())
    org_id = voice.org_of(credentials.of_id(credential_id)) if genuine else None
    if org_id is None:
        raise UnauthorizedError
    return org_id


def opened(body: Mapping[str, Any]) -> Envelope | None:
    """The calls in an envelope; None for bare arguments."""
    message = envelope.message_of(body)
    if message is None:
        return None
    talk, number = envelope.conversation(message), envelope.caller(message)
    known = {"callId": talk, "phone": number}
    calls = tuple(
        Call(call_id, name, arguments, envelope.key(message, call_id), known)
        for call_id, name, arguments in envelope.calls(message)
    )
    return Envelope(calls, message, legacy=envelope.is_legacy(message))


def fitted(call: Call, command: type[Command]) -> dict[str, Any]:
    """A call's arguments as the command names them; what it does not know is left out."""
    names = {field.alias or name for name, field in command.model_fields.items()}
    by_name = {name.lower(): name for name in names} | {
        meant: name for meant, name in _MEANT.items() if name in names
    }
    given: dict[str, Any] = {}
    for name, text in envelope.plain(call.arguments or {}).items():
        if field := by_name.get(name.lower().replace("_", "").replace("-", "")):
            given.setdefault(field, text)
    if "phone" in given and not said_number(given["phone"]) and "{" in given["phone"]:
        del given["phone"]  # a placeholder that nobody filled in
    known = {name: text for name, text in call.known.items() if text and name in names}
    return {**known, **{name: text for name, text in given.items() if name != "callId"}}


VAPI = Platform(
    verify=verify,
    opened=opened,
    fitted=fitted,
    said=refusals.said,
    same=same_name,
    names=frozenset(map(same_name, NAMES)),
    unknown=refusals.UNKNOWN_TOOL,
    unreadable=refusals.UNREADABLE,
    too_many=refusals.TOO_MANY,
)


def ready() -> None:
    """Build the client of secrets before the first request, so that SnapStart keeps it."""
    if wiring.in_lambda():
        with wiring.loading():
            wiring.dynamodb()  # first: the other clients share its session
            wiring.secret("VOICE_SECRET_ARN")


def tool(
    name: str, command: type[Command], use_case: UseCase[Any], *, changes: bool = True
) -> Toolbox:
    """The function of one tool."""
    ready()
    return toolbox(name, {same_name(name): Tool(name, command, use_case, changes)}, VAPI)
