"""Refusals of people: contacts, leads and calls."""

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
    sentence = "Nothing was changed, for some of it could not be."


class PhoneKnownError(ClosedLoopError):
    """Somebody has this number already; carries the row."""

    code = "PHONE_KNOWN"
    status = 409
    sentence = "This number is there already."
