"""Square's bookings, customers and services as they come: the few fields that we use.

Square's own names. A field that is null counts as absent, a status that nobody knows is kept as it
is, and fields that we do not use are ignored, so that a new one of Square's breaks nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

RecordT = TypeVar("RecordT")

BOOKING_STATUSES = (
    "PENDING",
    "ACCEPTED",
    "CANCELLED_BY_CUSTOMER",
    "CANCELLED_BY_SELLER",
    "DECLINED",
    "NO_SHOW",
)
"""All that Square had in version 2026-09-16 of its API."""


class UnreadableRecordError(ValueError):
    """A booking or a customer of Square's that cannot be read; the text names the fields."""


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, fields: Any) -> Any:
        if not isinstance(fields, dict):
            return fields
        return {name: value for name, value in fields.items() if value is not None}


class Address(_Record):
    """Where a customer is, or wants the work done."""

    address_line_1: str = ""
    address_line_2: str = ""
    address_line_3: str = ""
    locality: str = ""
    administrative_district_level_1: str = ""
    postal_code: str = ""
    country: str = ""


class Segment(_Record):
    """One service of a booking, by one team member; segments follow each other in time."""

    duration_minutes: int = Field(ge=0, le=100_000)
    service_variation_id: str = ""
    service_variation_version: int | None = None
    team_member_id: str = ""
    intermission_minutes: int = Field(default=0, ge=0, le=100_000)
    """The gap after it, before the next one."""
    any_team_member: bool = False
    resource_ids: tuple[str, ...] = ()


class Creator(_Record):
    """Who made a booking: a TEAM_MEMBER or a CUSTOMER."""

    creator_type: str = ""
    team_member_id: str = ""
    customer_id: str = ""


class Booking(_Record):
    """An appointment at Square. Times are UTC; `customer_id` is empty where nobody is named."""

    id: Id
    version: int = Field(ge=0)
    """Grows with each change that Square counts. 0 is a version like any other."""
    status: str = Field(min_length=1, max_length=64)
    start_at: Moment
    created_at: Moment | None = None
    updated_at: Moment | None = None
    location_id: str = ""
    customer_id: str = ""
    customer_note: str = ""
    seller_note: str = ""
    segments: tuple[Segment, ...] = Field(default=(), alias="appointment_segments")
    transition_time_minutes: int = Field(default=0, ge=0, le=100_000)
    """The time kept free after the last segment: a buffer, no part of the visit."""
    all_day: bool = False
    location_type: str = ""
    source: str = ""
    creator: Creator = Field(default=Creator(), alias="creator_details")
    address: Address | None = None
    """Where the work is done, for a visit at the customer's place."""

    @property
    def end_at(self) -> datetime:
        """When the last segment ends; Square itself names no end."""
        minutes = sum(each.duration_minutes + each.intermission_minutes for each in self.segments)
        return self.start_at + timedelta(minutes=minutes)


class Customer(_Record):
    """A person in the seller's customer directory. `phone_number` is as somebody typed it."""

    id: Id
    version: int = Field(default=0, ge=0)
    created_at: Moment | None = None
    updated_at: Moment | None = None
    given_name: str = ""
    family_name: str = ""
    nickname: str = ""
    company_name: str = ""
    email_address: str = ""
    phone_number: str = ""
    note: str = ""
    address: Address | None = None

    @property
    def name(self) -> str:
        """The best name there is; empty where there is none."""
        whole = f"{self.given_name} {self.family_name}".strip()
        return whole or self.nickname or self.company_name


@dataclass(frozen=True, slots=True)
class Service:
    """What a variation of the catalog is called: the item's name and, beside "Regular", its own."""

    variation_id: str
    name: str
    variation_name: str = ""
    duration_minutes: int | None = None
    price_cents: int | None = None
    version: int | None = None
    """The variation's version as it was read, 64 bits."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that came and could not be read. `fields` is what came, for a person to look at."""

    id: str
    reason: str
    fields: Any


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list of bookings, in Square's order.

    `strays` are bookings that start outside the window that was asked for: a fault of Square's, or
    a change of its rules. They are in none of the others.
    """

    bookings: tuple[Booking, ...]
    unreadable: tuple[Unreadable, ...]
    strays: tuple[Booking, ...]
    full: bool
    """Whether it holds as many as were asked for."""
    last: bool
    """Whether the window was read to its end with it."""


@dataclass(frozen=True, slots=True)
class Found(Generic[RecordT]):
    """What became of each id that was asked for; every id is in exactly one of these."""

    records: Mapping[str, RecordT]
    """By the id that was asked for: a merged customer answers with its new one."""
    missing: tuple[str, ...]
    """Square says that there is none."""
    unreadable: Mapping[str, Unreadable]
    failed: Mapping[str, str]
    """Square could not say just now; with its code. Nothing is concluded from these."""


def booking(fields: Any) -> Booking:
    """A booking as the API and the webhooks send it.

    Raises:
        UnreadableRecordError: a field is missing or of another kind.
    """
    try:
        return Booking.model_validate(fields)
    except ValidationError as error:
        raise UnreadableRecordError(_reason(error)) from None


def customer(fields: Any) -> Customer:
    """A customer as the API and the webhooks send it.

    Raises:
        UnreadableRecordError: a field is missing or of another kind.
    """
    try:
        return Customer.model_validate(fields)
    except ValidationError as error:
        raise UnreadableRecordError(_reason(error)) from None


def _reason(error: ValidationError) -> str:
    """The fields and what is wrong with each, without their values: those are a customer's."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(
        f"{'.'.join(map(str, each['loc'])) or 'record'}: {each['msg']}" for each in found[:5]
    )
