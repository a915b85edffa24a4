"""Refusals of people: contacts, leads and calls. A conflict carries the row as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from closedloop.core.errors import ClosedLoopError, InvalidTransitionError, VersionConflictError

if TYPE_CHECKING:
    from closedloop.people.leads import LeadStatus
    from closedloop.people.rows import Call, Contact, Lead, LeadFailure


class ContactChangedError(VersionConflictError):
    """Somebody else changed the contact in the meantime."""

    def __init__(self, sentence: str | None = None, *, contact: Contact) -> None:
        super().__init__(sentence, contact=contact)


class LeadConflictError(ClosedLoopError):
    """The lead is no longer as the screen showed it."""

    status = 409

    def __init__(self, sentence: str | None = None, *, lead: Lead) -> None:
        super().__init__(sentence, lead=lead)


class AlreadyHasStatusError(LeadConflictError):
    """The lead has the wanted status."""

    code = "ALREADY_HAS_STATUS"
    sentence = "It already has this status."


class LeadTransitionError(LeadConflictError, InvalidTransitionError):
    """The pipeline has no move from the lead's status to the wanted one."""


class LeadChangedError(LeadConflictError, VersionConflictError):
    """Somebody else changed the lead in the meantime."""


class BulkRefusedError(ClosedLoopError):
    """All or nothing was asked for, and some rows cannot be changed; `failures` says which."""

    code = "BULK_REFUSED"
    status = 409
    sentence = "Nothing was changed because some items could not be changed."

    def __init__(
        self,
        sentence: str | None = None,
        *,
        updated: int,
        failed: int,
        status: LeadStatus,
        failures: list[LeadFailure],
    ) -> None:
        super().__init__(sentence, updated=updated, failed=failed, status=status, failures=failures)


class CallConflictError(ClosedLoopError):
    """The call is no longer as the screen showed it."""

    status = 409

    def __init__(self, sentence: str | None = None, *, call: Call) -> None:
        super().__init__(sentence, call=call)


class CallHasStatusError(CallConflictError):
    """The call has the wanted status."""

    code = "ALREADY_HAS_STATUS"
    sentence = "It already has this status."


class CallOverError(CallConflictError, InvalidTransitionError):
    """A call that has ended stays as it is."""


class ContactKnownError(ClosedLoopError):
    """A contact has this number already; carries it."""

    code = "PHONE_KNOWN"
    status = 409
    sentence = "There is a contact with this number already."

    def __init__(self, sentence: str | None = None, *, contact: Contact) -> None:
        super().__init__(sentence, contact=contact)


class LeadKnownError(ClosedLoopError):
    """A lead has this number already; carries it."""

    code = "PHONE_KNOWN"
    status = 409
    sentence = "There is a lead with this number already."

    def __init__(self, sentence: str | None = None, *, lead: Lead) -> None:
        super().__init__(sentence, lead=lead)
