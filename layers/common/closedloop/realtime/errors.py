"""Refusals of messages that come over a socket."""

from __future__ import annotations

from closedloop.core.errors import ClosedLoopError


class UnknownActionError(ClosedLoopError):
    """A message over a socket asks for something that there is not."""

    code = "UNKNOWN_ACTION"
    status = 400
    sentence = "Send an action: subscribe, unsubscribe or ping."


class LimitExceededError(ClosedLoopError):
    """A message over a socket, or what its connection would hold with it, is too much."""

    code = "LIMIT_EXCEEDED"
    status = 400
    sentence = "This is more than one connection may have."
