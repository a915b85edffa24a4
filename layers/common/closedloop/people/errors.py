"""Refusals of people: contacts and leads."""

from __future__ import annotations

from closedloop.core.errors import ClosedLoopError


class AlreadyHasStatusError(ClosedLoopError):
    """The row has the wanted status."""

    code = "ALREADY_HAS_STATUS"
    status = 409
    sentence = "It already has this status."


class BulkRefusedError(ClosedLoopError):
    """All or nothing was asked for, and some rows cannot be changed; `failures` says which."""

    code = "BULK_REFUSED"
    status = 409
    sentence = "Nothing was changed because some items could not be changed."
