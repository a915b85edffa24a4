"""Jobs as the table keeps them and as answers and events carry them.

A job's fields have one name everywhere: in the table, in answers, events and the audit log. Those
that the business and Square's other tools know (`workStatus`, `appointmentTime`, ...) keep the
spelling they have there; all others are snake_case. `closedloop.jobs.model` makes a job (`new`) and
says whose each field is (`STAFF_OWNED`, `FROM_SQUARE`).

For annotations: no function loads this module.
"""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypeAliasType, TypedDict

from closedloop.core.values import Author, PhoneNumber, StoredRow, Time

WorkStatus = TypeAliasType(
    "WorkStatus",
    Literal["scheduled", "checked_in", "in_progress", "qc", "ready", "completed", "cancelled"],
)

BookingStatus = TypeAliasType("BookingStatus", str)
"""Square's own word: PENDING, ACCEPTED, CANCELLED_BY_CUSTOMER, CANCELLED_BY_SELLER, DECLINED,
NO_SHOW, or one that Square has added since."""

PhotoKind = TypeAliasType("PhotoKind", Literal["photo", "receipt"])

# `from` is a keyword: no class can name it.
_From = TypedDict("_From", {"from": WorkStatus})


class StatusMove(_From):
    """One move of the work: who, when, from where and to where."""

    to: WorkStatus
    at: Time
    by: Author


class ChecklistItem(TypedDict):
    """One point of a checklist."""

    id: str
    label: str
    done: bool
    by: NotRequired[Author]
    """Who ticked it; absent while it is open."""
    at: NotRequired[Time]


class Checklist(TypedDict):
    """What the technician does, and what whoever checks the work looks at."""

    tech: list[ChecklistItem]
    qc: list[ChecklistItem]


class Photo(TypedDict):
    """A photo whose file is there. `GET /api/jobs/{id}/photos/{photoId}` hands out its address."""

    id: str
    kind: PhotoKind
    name: NotRequired[str]
    """What the person called it."""
    content_type: Literal["image/jpeg"]
    bytes: int
    width: int
    height: int
    camera_time: NotRequired[str]
    """When it was taken, as the camera wrote it, by its own clock: `2026:11:21 09:30:00`."""
    uploaded_at: Time
    uploaded_by: Author


class PhotoUpload(TypedDict):
    """A photo that the job waits for, or one that was refused; kept for a day."""

    id: str
    kind: PhotoKind
    name: NotRequired[str]
    status: Literal["pending", "refused"]
    reason: NotRequired[str]
    """Why it was refused: a sentence for a person."""
    asked_at: Time
    asked_by: Author


class Issue(TypedDict):
    """What the customer found after the work was done."""

    description: str
    status: Literal["open", "resolved"]
    reported_at: Time
    reported_by: Author
    resolved_at: NotRequired[Time]
    resolved_by: NotRequired[Author]


class Payment(TypedDict):
    """What the staff know of the payment."""

    status: Literal["unpaid", "partially_paid", "paid", "refunded"]
    amount_cents: NotRequired[int]
    """In cents of the org's currency."""
    method: NotRequired[str]


class Segment(TypedDict):
    """One part of a booking, in Square's order. Names and prices are those of its booking."""

    duration_minutes: int
    intermission_minutes: NotRequired[int]
    """The gap before the next part."""
    service_variation_id: NotRequired[str]
    service_variation_version: NotRequired[int]
    service_name: NotRequired[str]
    """Of the catalog's version that was booked: a later rename or deletion changes nothing here."""
    price_cents: NotRequired[int]
    team_member_id: NotRequired[str]
    any_team_member: NotRequired[bool]
    resource_ids: NotRequired[list[str]]


class CustomerCached(TypedDict):
    """Square's customer as of `cached_at`; read again when that is a day old."""

    id: str
    """Square's, at that time: merged customers get another."""
    name: NotRequired[str]
    phone: NotRequired[PhoneNumber]
    """Absent where Square's text is no number."""
    email: NotRequired[str]
    version: NotRequired[int]
    """Square's, of the customer: an older word never replaces a newer one."""
    cached_at: Time


class StaffOwned(TypedDict):
    """What people write: no value from Square replaces any of it."""

    workStatus: WorkStatus
    statusHistory: list[StatusMove]
    """The latest hundred moves, oldest first; the audit log has all."""
    checklist: Checklist
    photosMeta: list[Photo]
    receiptPhotos: list[Photo]
    photo_uploads: NotRequired[list[PhotoUpload]]
    postCompletionIssue: NotRequired[Issue]
    payment: NotRequired[Payment]
    vehicleInfo: NotRequired[dict[str, str | int]]
    """`year`, `make`, `model`, `color`, `plate`, `vin`, `mileage`, and what else a shop notes."""
    notes: NotRequired[str]


class FromSquare(TypedDict):
    """What the booking says, and what we know of it."""

    createdBy: Literal["webhook", "reconciliation"]
    appointmentTime: Time
    start: Time
    """As `appointmentTime`: what lists and the calendar are ordered by."""
    end: Time
    """After all segments and the gaps between them."""
    time_zone: str
    """IANA name, of the location: the clock by which people read the times."""
    all_day: NotRequired[bool]
    """The date of `start` at the location is what counts."""
    serviceType: str
    """What was booked, in words; several parts joined by ` + `."""
    booking_status: BookingStatus
    segments: list[Segment]
    transition_time_minutes: NotRequired[int]
    """Kept free after the visit."""
    location_id: NotRequired[str]
    location_type: NotRequired[str]
    address: NotRequired[str]
    """Where the work is done, if that is at the customer's."""
    square_customer_id: NotRequired[str]
    customer_note: NotRequired[str]
    seller_note: NotRequired[str]
    source: NotRequired[str]
    """Where it was booked: Square's own word."""
    customerCached: NotRequired[CustomerCached]
    conflicts: NotRequired[list[str]]
    """The fields in which Square and the staff disagree, until somebody chooses."""
    square_version: int
    """Of the booking, as last taken over. 0 is a version."""
    square_updated_at: NotRequired[Time]


class Job(StaffOwned, FromSquare, StoredRow):
    """The work behind one Square booking; its id is the booking's."""


class CalendarJob(Job):
    """A job as the calendar shows it."""

    resource: NotRequired[str]
    """The bay whose time it takes; absent where it takes none."""
