"""Days as callers say them: today, next Tuesday, November 24th. A doubtful one is asked back.

Every day is the business's own, by its wall clock. A day that has passed, or a year from a model's
training, is never taken: the next such day is offered as a question.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from closedloop.voice import spoken
from closedloop.voice.errors import ask_back

if TYPE_CHECKING:
    from collections.abc import Sequence

    from closedloop.core.errors import ValidationFailedError

SOON = frozenset({"soonest", "asap", "as soon as possible", "earliest", "any", "any day", "anytime",
                  "any time", "next available", "first available", "whenever"})  # fmt: skip
"""Words for the next time that is free, whichever day."""

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_RELATIVE = {
    "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0,
    "tomorrow": 1, "tomorrow morning": 1, "tomorrow afternoon": 1, "tomorrow evening": 1,
    "day after tomorrow": 2, "the day after tomorrow": 2, "a week from today": 7, "in a week": 7,
    "in one week": 7,
}  # fmt: skip
_MONTH = {name.lower(): number for number, name in enumerate(spoken.MONTHS, 1)}
_MONTHS = _MONTH | {name[:3]: number for name, number in _MONTH.items()} | {"sept": 9}
_WEEKDAY = {name.lower(): number for number, name in enumerate(spoken.WEEKDAYS)}
_WEEKDAYS = _WEEKDAY | {name[:3]: number for name, number in _WEEKDAY.items()} | {
    "tues": 1, "thur": 3, "thurs": 3,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_CARDINALS = {spoken.number(count): count for count in range(1, 21)}
_TENS = {"twenty": 20, "thirty": 30}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ].*)?")
_SLASHES = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{2}|\d{4}))?\.?")
_IN_DAYS = re.compile(r"(?:in )?(\w+) (day|week)s?(?: from (?:now|today))?")
_NOISE = frozenset({"on", "the", "of", "this", "coming", "at", "for", "in"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST = 80
_SAME_DAY_OF_ANOTHER_YEAR = timedelta(days=180)
"""What is further away than half a year was not meant: yesterday was."""


def heard(text: str, today: date) -> date:
    """The day that was said, where today is `today`.

    Raises:
        ValidationFailedError: it has passed, is named in two ways that differ, or is no day.
    """
    said = " ".join(text.lower().replace(",", " ").split())[:_LONGEST].rstrip(".")
    if said in _RELATIVE:
        return today + _RELATIVE[said] * _DAY
    if found := _ISO.fullmatch(said):
        year, month, day = map(int, found.groups())
        return _not_past(_made(year, month, day), today)
    if found := _SLASHES.fullmatch(said):
        return _slashed(found, today)
    if (found := _IN_DAYS.fullmatch(said)) and (count := _count(found[1])):
        return today + count * (_WEEK if found[2] == "week" else _DAY)
    return _worded(said, today)


def _worded(said: str, today: date) -> date:
    words = [each for each in said.split() if each not in _NOISE]
    weekday = next((_WEEKDAYS[each] for each in words if each in _WEEKDAYS), None)
    month = next((_MONTHS[each] for each in words if each in _MONTHS), None)
    year = next((int(each) for each in words if _YEAR.fullmatch(each)), None)
    number = _number([each for each in words if not _YEAR.fullmatch(each)])
    if month and number:
        found = (
            _not_past(_made(year, month, number), today) if year else _next(month, number, today)
        )
        return _same_weekday(found, weekday, today)
    if number and month is None and (weekday is not None or len(words) == 1):
        return _same_weekday(_of_the_month(number, today), weekday, today)
    if weekday is not None:
        return _of_the_week(weekday, today, following="next" in words)
    raise ask_back("date", "Which day do you mean? Please say the weekday and the date.")


def _of_the_week(weekday: int, today: date, *, following: bool) -> date:
    """A weekday alone is the next such day; `next` has two meanings, and so has today's name."""
    ahead = (weekday - today.weekday()) % 7
    first = today + ahead * _DAY
    if ahead and not following:
        return first
    if following and not ahead:
        return first + _WEEK
    raise _either((first, first + _WEEK), today)


def _not_past(found: date, today: date) -> date:
    if found >= today:
        return found
    soon = _next(found.month, found.day, today)
    if soon - today > _SAME_DAY_OF_ANOTHER_YEAR:
        raise ask_back("date", "That day has passed. Which day do you mean?")
    raise ask_back(
        "date",
        f"That day has passed. Do you mean {spoken.day(soon, today)}? Please confirm.",
    )


def _next(month: int, number: int, today: date) -> date:
    """The next day of this name, today included."""
    for year in range(today.year, today.year + 9):  # a leap day may be eight years away
        try:
            found = date(year, month, number)
        except ValueError:
            continue
        if found >= today:
            return found
    raise _no_such_day()


def _of_the_month(number: int, today: date) -> date:
    for ahead in range(62):
        found = today + ahead * _DAY
        if found.day == number:
            return found
    raise _no_such_day()


def _same_weekday(found: date, weekday: int | None, today: date) -> date:
    if weekday in {None, found.weekday()}:
        return found
    named = (weekday or 0) - found.weekday()
    near = found + ((named + 3) % 7 - 3) * _DAY
    options = (found, near) if near >= today else (found,)
    true = f"{spoken.MONTHS[found.month - 1]} {spoken.day(found, found).rpartition(' ')[2]}"
    is_a = f"{true} is a {spoken.WEEKDAYS[found.weekday()]}."
    raise _either(options, today, is_a)


def _either(options: Sequence[date], today: date, first: str = "") -> ValidationFailedError:
    days = spoken.listed([spoken.day(each, today) for each in options], "or")
    return ask_back("date", f"{first} Do you mean {days}?".strip())


def _slashed(found: re.Match[str], today: date) -> date:
    one, other = int(found[1]), int(found[2])
    month, number = (other, one) if one > 12 else (one, other)  # noqa: PLR2004 - months of a year
    if not found[3]:
        _made(2000, month, number)  # a leap year: some year has this day
        return _next(month, number, today)
    year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)  # noqa: PLR2004 - of this century
    return _not_past(_made(year, month, number), today)


def _made(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise _no_such_day() from None


def _no_such_day() -> ValidationFailedError:
    return ask_back("date", "There is no such day. Which day do you mean?")


def _number(words: Sequence[str]) -> int | None:
    """The day of a month among some words: `24th`, `twenty fourth`, `24`."""
    for position, word in enumerate(words):
        if found := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word):
            return int(found[1])
        parts = word.split("-") if "-" in word else [word, *words[position + 1 : position + 2]]
        if parts[0] in _TENS:
            unit = _ORDINALS.get(parts[-1]) or _CARDINALS.get(parts[-1]) or 0
            return _TENS[parts[0]] + (unit if unit < 10 else 0)  # noqa: PLR2004 - one digit
        if word in _ORDINALS or word in _CARDINALS:
            return _ORDINALS.get(word) or _CARDINALS[word]
    return None


def _count(word: str) -> int | None:
    if word.isascii() and word.isdigit() and len(word) <= 3:  # noqa: PLR2004 - about three years
        return int(word)
    return 1 if word in {"a", "one"} else _CARDINALS.get(word)
