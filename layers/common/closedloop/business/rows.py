"""The settings of a business, as `GET /api/me` shows them.

For annotations: no function loads this module. Where a setting is absent, the default holds.
"""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypeAliasType, TypedDict

from closedloop.core.values import PhoneNumber, StoredRow, one_of

Role = TypeAliasType("Role", Annotated[str, one_of("manager", "owner", "staff")])

Stretch = TypeAliasType(
    "Stretch",
    Annotated[
        list[str],
        Field(description="From and to, as `09:00`.", min_length=2, max_length=2),
    ],
)


class OpeningHours(TypedDict):
    """The open stretches of each day, by the org's clock; none: closed."""

    mon: list[Stretch]
    tue: list[Stretch]
    wed: list[Stretch]
    thu: list[Stretch]
    fri: list[Stretch]
    sat: list[Stretch]
    sun: list[Stretch]


class Service(TypedDict):
    """What a business sells by appointment."""

    id: str
    name: str
    duration_minutes: int
    buffer_before_minutes: NotRequired[int]
    buffer_after_minutes: NotRequired[int]
    """Neighbours may share them: the longer of two that meet counts."""
    price_cents: NotRequired[int]
    """In cents of the org's currency."""
    resources: NotRequired[list[str]]
    """Where it can be done; absent or empty: anywhere."""


class Resource(TypedDict):
    """Where visits take place."""

    id: str
    name: str
    capacity: NotRequired[int]
    """How many at once; absent: one."""


class Limits(TypedDict):
    """How many texts a person gets in how many minutes; how many slots are held, codes sent."""

    sms_per_person: NotRequired[int]
    sms_per_person_minutes: NotRequired[int]
    holds_per_phone: NotRequired[int]
    holds_per_hour: NotRequired[int]
    codes_per_day: NotRequired[int]


_From = TypedDict("_From", {"from": str})  # a keyword: no class can name it


class QuietHours(_From):
    """When marketing waits, by the recipient's clock: `21:00` to `08:00`."""

    to: str


class OwnTexts(TypedDict):
    """Texts that go out by themselves; absent: off."""

    work_completed: NotRequired[bool]
    """When the work of a job is completed, to its customer: the template `work_completed`."""


class AnswerWords(TypedDict):
    """The words by which our texts let people confirm and cancel a visit."""

    confirm: str
    cancel: str


class OwnTemplate(TypedDict):
    """A template of the org's own, or one that replaces a template that every org has."""

    text: str
    category: NotRequired[Literal["marketing", "transactional", "reply"]]
    """Absent: marketing."""
    asks: NotRequired[Literal["confirm_appointment"]]


class Org(StoredRow):
    """One business: its settings. Where one is absent, the default holds."""

    name: str
    time_zone: str
    """IANA name."""
    kind: NotRequired[str]
    phone: NotRequired[PhoneNumber]
    sms_number: NotRequired[PhoneNumber]
    """The number that its texts come from."""
    address: NotRequired[str]
    locale: NotRequired[str]
    currency: NotRequired[str]
    """ISO 4217: all money of the org is in its cents."""
    opening_hours: NotRequired[OpeningHours]
    breaks: NotRequired[dict[str, list[Stretch]]]
    """Of each day; one that is not named has none."""
    days_off: NotRequired[list[str]]
    services: NotRequired[list[Service]]
    resources: NotRequired[list[Resource]]
    slot_minutes: NotRequired[int]
    """Callers may begin every so many minutes from opening on."""
    lead_minutes: NotRequired[int]
    """The shortest notice of a caller."""
    horizon_days: NotRequired[int]
    """How far ahead callers may book."""
    limits: NotRequired[Limits]
    sms_budget_per_day: NotRequired[int]
    quiet_hours: NotRequired[QuietHours]
    templates: NotRequired[dict[str, OwnTemplate | str]]
    """By id; a text alone is marketing."""
    texts: NotRequired[OwnTexts]
    sms_help: NotRequired[str]
    """What HELP is answered."""
    code_length: NotRequired[int]
    """Digits of a code that proves a number."""
    text_countries: NotRequired[list[str]]
    """Whose numbers get codes (ISO 3166); absent: those of the business's own country."""
    sms_answers: NotRequired[AnswerWords]
    """CANCEL is an opt-out to the carriers."""
    cancel_notice_minutes: NotRequired[int]
    """How long before its start a visit may be cancelled by text."""


class DefaultLimits(TypedDict):
    """The limits of a business that has set none."""

    sms_per_person: int
    sms_per_person_minutes: int
    holds_per_phone: int
    holds_per_hour: int
    codes_per_day: int


class DefaultTexts(TypedDict):
    """Which texts go out by themselves at a business that has switched none on or off."""

    work_completed: bool


class Defaults(TypedDict):
    """What holds of each setting that is absent, and again once it was set to null."""

    address: str
    breaks: OpeningHours
    days_off: list[str]
    slot_minutes: int
    lead_minutes: int
    horizon_days: int
    cancel_notice_minutes: int
    limits: DefaultLimits
    sms_budget_per_day: int
    quiet_hours: QuietHours
    templates: dict[str, OwnTemplate]
    """Of its own: none. Those that every business has stand in `GET /api/templates`."""
    texts: DefaultTexts
    sms_help: str | None
    """Null: we answer nothing, for the carrier has answered HELP by itself."""
    sms_answers: AnswerWords
    code_length: int
    text_countries: list[str]
    """The country of the business's own number; none while it has no number."""
