"""The settings of a business, as `GET /api/me` shows them.

For the API's description and its tests alone: no function imports this.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from docs.api.rows import Row
from docs.api.values import PhoneNumber, Shape, SmsCategory


class OpeningHours(Shape):
    """From and to of each stretch of a day, by the org's clock; none: closed."""

    mon: list[tuple[str, str]]
    tue: list[tuple[str, str]]
    wed: list[tuple[str, str]]
    thu: list[tuple[str, str]]
    fri: list[tuple[str, str]]
    sat: list[tuple[str, str]]
    sun: list[tuple[str, str]]


class Service(Shape):
    """What a business sells by appointment."""

    id: str
    name: str
    duration_minutes: int
    buffer_minutes: int
    price_cents: int
    """In cents of the org's currency."""


class Limits(Shape):
    """How many texts one person may get in how many minutes."""

    sms_per_person: int | None = None
    sms_per_person_minutes: int | None = None


class QuietHours(Shape):
    """When marketing waits, by the recipient's clock: `21:00` to `08:00`."""

    from_: str = Field(alias="from")
    to: str


class OwnTemplate(Shape):
    """A template of the org's own, or one that replaces a template that every org has."""

    text: str
    category: SmsCategory | None = None
    """Absent: marketing."""
    asks: Literal["confirm_appointment"] | None = None


class Org(Row):
    """One business: its settings. Where one is absent, the default holds."""

    name: str
    time_zone: str
    """IANA name."""
    kind: str | None = None
    phone: PhoneNumber | None = None
    sms_number: PhoneNumber | None = None
    """The number that its texts come from."""
    address: str | None = None
    locale: str | None = None
    currency: str | None = None
    """ISO 4217: all money of the org is in its cents."""
    opening_hours: OpeningHours | None = None
    days_off: list[str] | None = None
    services: list[Service] | None = None
    limits: Limits | None = None
    sms_budget_per_day: int | None = None
    quiet_hours: QuietHours | None = None
    templates: dict[str, OwnTemplate | str] | None = None
    """By id; a text alone is marketing."""
    sms_help: str | None = None
    """What HELP is answered."""
