"""The settings of a business: read whole, written in parts, checked as a whole.

A change never moves what is booked: appointments keep their time, length, buffers and place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, Field, field_validator, model_validator
from typing_extensions import TypedDict

from closedloop.business import calendar, countries
from closedloop.business.calendar import Breaks, DaysOff, Hours, SetResource, SetService
from closedloop.business.defaults import DEFAULTS
from closedloop.business.errors import SettingsChangedError
from closedloop.business.me import SHOWN
from closedloop.core.command import Command, Edit
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.errors import (
    ForbiddenError,
    NotFoundError,
    ValidationFailedError,
)
from closedloop.core.query import Question
from closedloop.core.writes import Change

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.business.rows import Defaults, Org
    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads
    from closedloop.core.rows import Row

KEY = ("orgs", "settings")
MANAGERS = frozenset({"owner", "manager"})

_CARRIERS = frozenset(
    {"stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout"}
    | {"start", "unstop", "help", "info"}
)


def _free_word(word: str) -> str:
    if word.casefold() in _CARRIERS:
        raise ValueError("the carriers act on this word themselves")
    return word


Text = Annotated[str, Field(min_length=1, max_length=200)]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Count = Annotated[int, Field(ge=1, le=1000)]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""ISO 3166: the countries whose numbers get codes by text."""
Word = Annotated[str, Field(pattern=r"^[A-Za-z]{1,10}$"), AfterValidator(_free_word)]


class SetQuietHours(Command):
    """When marketing waits, by the recipient's clock."""

    from_: Clock = Field(alias="from")
    to: Clock


class SetLimits(Command):
    """How much of something may be done before somebody is slowed down."""

    sms_per_person: Annotated[int, Field(ge=1, le=20)] | None = None
    sms_per_person_minutes: Annotated[int, Field(ge=1, le=1440)] | None = None
    holds_per_phone: Annotated[int, Field(ge=1, le=10)] | None = None
    holds_per_hour: Count | None = None
    codes_per_day: Count | None = None


class SetAnswers(Command):
    """The words by which our texts let people confirm and cancel a visit."""

    confirm: Word
    cancel: Word

    @model_validator(mode="after")
    def _two(self) -> Self:
        if self.confirm.casefold() == self.cancel.casefold():
            raise ValueError("two different words")
        return self


class SetTexts(Command):
    """Texts that go out by themselves; each is off until it is switched on."""

    work_completed: bool | None = None


class SetTemplate(Command):
    """A template of the org's own, or one that replaces a template that every org has."""

    text: Annotated[str, Field(min_length=1, max_length=1600)]
    category: Annotated[str, Field(pattern=r"^(marketing|transactional)$")] | None = None
    asks: Annotated[str, Field(pattern=r"^confirm_appointment$")] | None = None


NEEDED = ("name", "time_zone", "opening_hours", "services", "resources")
"""What every business has of its own. Every other setting has a default."""


class UpdateSettings(Edit):
    """Change some of the settings; `expectedVersion` is that of the settings on the screen.

    Null puts a setting back to its default, but for `name`, `time_zone`, `opening_hours`,
    `services` and `resources`, which have none.
    """

    expectedVersion: Annotated[int, Field(ge=0, lt=10**17)] | None = None  # noqa: N815
    name: Text | None = None
    address: Annotated[str, Field(max_length=300)] | None = None
    time_zone: Text | None = None
    opening_hours: Hours | None = None
    breaks: Breaks | None = None
    days_off: DaysOff | None = None
    services: Annotated[list[SetService], Field(min_length=1, max_length=100)] | None = None
    resources: Annotated[list[SetResource], Field(min_length=1, max_length=50)] | None = None
    slot_minutes: Annotated[int, Field(ge=15, le=240, multiple_of=15)] | None = None
    lead_minutes: Annotated[int, Field(ge=0, le=43_200)] | None = None
    horizon_days: Annotated[int, Field(ge=1, le=365)] | None = None
    quiet_hours: SetQuietHours | None = None
    limits: SetLimits | None = None
    sms_budget_per_day: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    templates: Annotated[dict[Text, SetTemplate], Field(max_length=100)] | None = None
    texts: SetTexts | None = None
    sms_help: Annotated[str, Field(min_length=1, max_length=320)] | None = None
    code_length: Annotated[int, Field(ge=4, le=8)] | None = None
    text_countries: Annotated[list[CountryCode], Field(min_length=1, max_length=50)] | None = None
    sms_answers: SetAnswers | None = None
    cancel_notice_minutes: Annotated[int, Field(ge=0, le=43_200)] | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.fields:
            raise ValueError("name at least one setting to change")
        return self

    @field_validator(*NEEDED, mode="before")
    @classmethod
    def _has_no_default(cls, value: Any) -> Any:
        if value is None:
            raise ValueError("this has no default, so it cannot be null; leave it out")
        return value

    @property
    def fields(self) -> dict[str, Any]:
        """What is to be set, as the row keeps it; None for what goes back to its default."""
        named = self.model_fields_set - {"expectedVersion"}
        whole = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return {name: whole.get(name) for name in sorted(named)}


class WholeSettings(TypedDict):
    """All settings, and what is odd about them."""

    settings: Org
    warnings: list[str]
    """Sentences: what is possible and yet cannot be meant."""


class SettingsAndDefaults(WholeSettings):
    """All settings, and what holds of those that are absent."""

    defaults: Defaults


class Settings(Question):
    """The settings, for owners and managers."""


def settings(_: Settings, actor: Actor, reads: Reads, __: datetime) -> SettingsAndDefaults:
    """All settings as they are now, what is odd about them, and the default of each.

    Raises:
        ForbiddenError: the caller is neither owner nor manager.
        NotFoundError: the account's business does not exist.
    """
    if not actor.roles & MANAGERS:
        raise ForbiddenError
    row = reads.get(KEY[0], actor.org_id, KEY[1])
    if row is None:
        raise NotFoundError
    shown: Any = _shown(row)
    defaults: Any = {**DEFAULTS, "text_countries": countries.own(row)}
    return {"settings": shown, "warnings": calendar.warnings(row), "defaults": defaults}


def update(command: UpdateSettings, context: Context) -> Decision[WholeSettings]:
    """Change settings if all of them together make sense; `warnings` names what is odd.

    Null puts a setting back to its default. Lists and maps are replaced as a whole. Other
    instances see the change within half a minute.

    Raises:
        ValidationFailedError: the whole would contradict itself; nothing is changed.
        SettingsChangedError: `expectedVersion` is no longer true; carries the current row.
        NotFoundError: the account's business does not exist.
    """
    row = context.need(*KEY)
    if command.expectedVersion not in {None, row["version"]}:
        raise SettingsChangedError(settings=_shown(row))
    whole = row | command.fields
    if wrong := calendar.contradictions(whole):
        raise ValidationFailedError(fields=wrong)
    change = Change(*KEY, command.fields, {"version": row["version"]})
    stamp = {
        "updated_at": context.timestamp,
        "updated_by": context.actor.author,
        "version": context.version,
    }
    shown: Any = _shown(whole | stamp)
    body = WholeSettings(settings=shown, warnings=calendar.warnings(whole))
    return Decision((change,), Reply(body))


def _shown(row: Row) -> Any:
    return {name: row[name] for name in SHOWN if row.get(name) is not None}
