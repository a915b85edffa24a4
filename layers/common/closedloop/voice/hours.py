"""Times of the day as callers say them: 3 p.m., fifteen thirty, noon, half past three, at 3.

A time without AM or PM has two readings; which of them is meant is decided by who can be open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from closedloop.voice import spoken
from closedloop.voice.errors import ask_back

if TYPE_CHECKING:
    from closedloop.core.errors import ValidationFailedError

_NOON, _DAY = 12, 24
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h ](\d{2}))?(?::\d{2}(?:\.\d+)?)? ?(am|pm)?")
_JOINED = re.compile(r"(\d{1,2})(\d{2}) ?(am|pm)?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(z|[+-]\d{2}:?\d{2})?")
_WITH_OFFSET = re.compile(r"(\d{2}):(\d{2})(?::\d{2})?(z|[+-]\d{2}:?\d{2})")
_HOURS = {spoken.number(count): count for count in range(25)}
_MINUTES = {spoken.number(count): count for count in range(60)}
_PAST = re.compile(
    r"(half|quarter|a quarter|[a-z0-9]+)(?: minutes)? (past|after|to|till|before) (.+)"
)
_FRACTION = {"half": 30, "quarter": 15, "a quarter": 15}
_HALF = re.compile(r"\b([ap])\.? ?m\b\.?")
_PARTS = (
    (re.compile(r"\b(?:in the morning|this morning|morning)\b"), "am"),
    (re.compile(r"\b(?:in the (?:afternoon|evening)|at night|afternoon|evening|tonight)\b"), "pm"),
)
_NOISE = re.compile(r"\b(?:at|around|about|o'?clock|oclock|sharp|the|first|second|let's say)\b")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said: each reading as hour and minute by the wall clock, the likelier first.

    `moment` is set where the time named its own offset from UTC. `second` asks for the second of
    an hour that comes twice.
    """

    readings: tuple[tuple[int, int], ...]
    moment: datetime | None = None
    second: bool = False


def heard(text: str) -> Heard:
    """The time that was said.

    Raises:
        ValidationFailedError: it is no time of a day.
    """
    said = " ".join(text.lower().split())[:_LONGEST]
    if found := _ISO.fullmatch(said):
        moment = _iso(said.upper())
        return Heard(((moment.hour, moment.minute),), moment if found[1] else None)
    if found := _WITH_OFFSET.fullmatch(said):
        raise ask_back("time", "Please give the time by our own clock. What time is it?")
    second = "second" in said
    half, rest = _half(said.removesuffix("."))
    plain = " ".join(_NOISE.sub(" ", rest).replace(",", " ").split())
    if plain in {"noon", "midday", "12 noon", "twelve noon"}:
        return Heard(((_NOON, 0),))
    if plain in {"midnight", "12 midnight", "twelve midnight"}:
        return Heard(((0, 0),))
    hour, minute, exact = _read(plain)
    return Heard(_readings(hour, minute, half, exact=exact), second=second)


def _iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.replace(" ", "T", 1))
    except ValueError:
        raise _unclear() from None


def _half(said: str) -> tuple[str, str]:
    """AM or PM if it was said, and the rest."""
    if found := _HALF.search(said):
        return f"{found[1]}m", _HALF.sub(" ", said)
    if found := re.search(r"(?<=\d)([ap])m?$", said):
        return f"{found[1]}m", said[: found.start()]
    for pattern, half in _PARTS:
        if pattern.search(said):
            return half, pattern.sub(" ", said)
    return "", said


def _read(plain: str) -> tuple[int, int, bool]:
    """Hour, minute, and whether it was written with two digits, as a day of 24 hours is."""
    if found := _CLOCK.fullmatch(plain):
        return _bounded(int(found[1]), int(found[2] or 0)), int(found[2] or 0), False
    if found := _JOINED.fullmatch(plain):
        return _bounded(int(found[1]), int(found[2])), int(found[2]), len(plain) == 4  # noqa: PLR2004
    if found := _PAST.fullmatch(plain):
        return (*_past(found), False)
    hour, _, rest = plain.partition(" ")
    minute = _minute(rest)
    if hour in _HOURS and minute is not None:
        return _bounded(_HOURS[hour], minute), minute, False
    raise _unclear()


def _minute(words: str) -> int | None:
    if not words:
        return 0
    if words in {"hundred", "hundred hours"}:
        return 0
    if words.startswith(("oh ", "o ", "zero ")):
        words = words.partition(" ")[2]
    return _MINUTES.get(words.replace("-", " "))


def _past(found: re.Match[str]) -> tuple[int, int]:
    minutes = _FRACTION.get(found[1], _MINUTES.get(found[1]))
    if minutes is None and re.fullmatch("[0-9]{1,2}", found[1]):
        minutes = int(found[1])
    if minutes is None or not 0 <= minutes < 60:  # noqa: PLR2004 - minutes of an hour
        raise _unclear()
    words = found[3]
    hour = int(words) if re.fullmatch("[0-9]{1,2}", words) else _HOURS.get(words, -1)
    if words in {"noon", "midnight"}:
        hour = _NOON if words == "noon" else _DAY
    if found[2] in {"to", "till", "before"}:
        return _bounded((hour - 1) % _DAY if hour > 0 else hour, 60 - minutes), (60 - minutes) % 60
    return _bounded(hour, minutes), minutes


def _bounded(hour: int, minute: int) -> int:
    if not (0 <= hour <= _DAY and 0 <= minute <= 60):  # noqa: PLR2004 - minutes of an hour
        raise _unclear()
    return hour % _DAY


def _readings(hour: int, minute: int, half: str, *, exact: bool) -> tuple[tuple[int, int], ...]:
    minute %= 60
    if hour > _NOON or exact or (hour == 0 and not half):
        return ((hour, minute),)
    morning, evening = (hour % _NOON, minute), (hour % _NOON + _NOON, minute)
    if half:
        return (morning,) if half == "am" else (evening,)
    return (evening, morning)


def _unclear() -> ValidationFailedError:
    return ask_back("time", "What time do you mean? Please say the hour and AM or PM.")
