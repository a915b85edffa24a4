"""One address for all of Vapi: every tool by its name, and the end of each call."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from closedloop.edge.apply import apply, by_itself
from closedloop.edge.tool import VOICE, Tool, Toolbox, toolbox
from closedloop.voice import ending
from closedloop.voice.availability import CheckAvailability, check_availability
from closedloop.voice.confirming import SendConfirmation, send_confirmation
from closedloop.voice.handlers.platform import VAPI, ready
from closedloop.voice.reserving import ReserveAtomic, reserve_atomic
from closedloop.voice.sending import SendOtp, send_otp
from closedloop.voice.toolset import same_name
from closedloop.voice.verifying import VerifyOtp, verify_otp

if TYPE_CHECKING:
    from collections.abc import Mapping

_ALL: tuple[Tool[Any], ...] = (
    Tool("check_availability", CheckAvailability, check_availability, changes=False),
    Tool("reserve_atomic", ReserveAtomic, reserve_atomic),
    Tool("send_otp", SendOtp, send_otp),
    Tool("verify_otp", VerifyOtp, verify_otp),
    Tool("send_confirmation", SendConfirmation, send_confirmation),
)


def webhook(name: str) -> Toolbox:
    """The function that takes all that Vapi sends."""
    ready()
    return toolbox(name, {same_name(each.name): each for each in _ALL}, VAPI, _noticed)


def _noticed(name: str, org_id: str, message: Mapping[str, Any]) -> None:
    """The end of a call gives its hold back; every other message is only for information."""
    if call_id := ending.call_that_ended(message):
        apply(by_itself(name, org_id, call_id, who=VOICE), partial(ending.ended, call_id))
