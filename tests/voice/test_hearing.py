"""What callers say: days, times, codes and numbers; what is doubtful is asked back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closedloop.business import countries
from closedloop.core.errors import ValidationFailedError
from closedloop.voice import days, heard, hours
from tests.support.examples import freely
from tests.voice.lines import wrong_in

if TYPE_CHECKING:
    from collections.abc import Callable

MONDAY = date(2026, 9, 21)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("today", "2026-09-21"),
        ("Tomorrow", "2026-09-22"),
        ("the day after tomorrow", "2026-09-23"),
        ("in three days", "2026-09-24"),
        ("in 2 weeks", "2026-10-05"),
        ("Tuesday", "2026-09-22"),
        ("on friday.", "2026-09-25"),
        ("next Monday", "2026-09-28"),
        ("2026-10-05", "2026-10-05"),
        ("2026-10-05T15:00:00Z", "2026-10-05"),
        ("November 24", "2026-11-24"),
        ("the 24th of November", "2026-11-24"),
        ("november twenty fourth", "2026-11-24"),
        ("Tuesday, November 24th, 2026", "2026-11-24"),
        ("11/24", "2026-11-24"),
        ("24.11.2026", "2026-11-24"),
        ("the twenty-fifth", "2026-09-25"),
        ("January 5", "2027-01-05"),
        ("29 february", "2028-02-29"),
    ],
)
def test_a_day_is_heard(said: str, meant: str) -> None:
    """In the business's own calendar, from a Monday on."""
    assert days.heard(said, MONDAY).isoformat() == meant


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("next Tuesday", "Do you mean Tuesday, September 22nd or Tuesday, September 29th?"),
        ("Monday", "Do you mean Monday, September 21st or Monday, September 28th?"),
        (
            "Tuesday, November 25th",
            (
                "November 25th is a Wednesday. Do you mean Wednesday, November 25th or Tuesday, "
                "November 24th?"
            ),
        ),
        ("2026-02-30", "There is no such day. Which day do you mean?"),
        ("whenever it rains", "Which day do you mean? Please say the weekday and the date."),
        ("yesterday", "Which day do you mean? Please say the weekday and the date."),
        ("2026-08-30", "That day has passed. Which day do you mean?"),
    ],
)
def test_a_doubtful_day_is_asked_back(said: str, asked: str) -> None:
    """Both readings are named; a weekday that is wrong is put right."""
    with pytest.raises(ValidationFailedError) as refusal:
        days.heard(said, MONDAY)
    assert refusal.value.spoken == asked


def test_a_year_from_a_models_training_is_asked_back() -> None:
    """August 16th of 2024, heard in July of 2025, is the coming one, as a question."""
    with pytest.raises(ValidationFailedError) as refusal:
        days.heard("2024-08-16", date(2025, 7, 30))
    assert refusal.value.spoken == (
        "That day has passed. Do you mean Saturday, August 16th? Please confirm."
    )


@pytest.mark.parametrize("start", [date(2026, 9, 20), MONDAY])
def test_weeks_begin_on_no_day(start: date) -> None:
    """A weekday is the same day whether it is said on a Sunday or a Monday."""
    assert days.heard("Thursday", start) == date(2026, 9, 24)


@pytest.mark.parametrize(
    ("said", "readings"),
    [
        ("15:00", [(15, 0)]),
        ("3pm", [(15, 0)]),
        ("3 p.m.", [(15, 0)]),
        ("3:30 PM", [(15, 30)]),
        ("09:00 AM", [(9, 0)]),
        ("noon", [(12, 0)]),
        ("midnight", [(0, 0)]),
        ("12pm", [(12, 0)]),
        ("12 a.m.", [(0, 0)]),
        ("three thirty in the afternoon", [(15, 30)]),
        ("half past three", [(15, 30), (3, 30)]),
        ("quarter to four pm", [(15, 45)]),
        ("nine oh five am", [(9, 5)]),
        ("fifteen hundred", [(15, 0)]),
        ("at 3", [(15, 0), (3, 0)]),
        ("03:00", [(15, 0), (3, 0)]),
        ("8 o'clock", [(20, 0), (8, 0)]),
        ("2026-10-05T15:00:00", [(15, 0)]),
    ],
)
def test_a_time_is_heard(said: str, readings: list[tuple[int, int]]) -> None:
    """Without AM or PM there are two readings, the afternoon first."""
    assert list(hours.heard(said).readings) == readings


@pytest.mark.parametrize(
    "said", ["banana", "25:00", "3:75", "", "15:00Z", "half past nothing", "²"]
)
def test_what_is_no_time_is_asked_back(said: str) -> None:
    """In words that can be spoken."""
    with pytest.raises(ValidationFailedError) as refusal:
        hours.heard(said)
    assert wrong_in(str(refusal.value.spoken)) == []


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("483912", "483912"),
        ("4 8 3 9 1 2", "483912"),
        ("48-39-12", "483912"),
        ("4839.", "4839"),
        ("004512", "004512"),
        ("four eight three nine one two", "483912"),
        ("oh four thirty", "0430"),
        ("forty eight thirty nine", "4839"),
        ("double four three nine", "4439"),
        ("the code is 4839", "4839"),
    ],
)
def test_digits_are_heard(said: str, digits: str) -> None:
    """Leading zeros are kept, for nothing here is a number."""
    assert heard.digits(said) == digits


@pytest.mark.parametrize(
    ("said", "number", "extension"),
    [
        ("(415) 555-2671", "+14155552671", None),
        ("+1 415 555 2671", "+14155552671", None),
        ("1-415-555-2671", "+14155552671", None),
        ("four one five five five five two six seven one", "+14155552671", None),
        ("0014155552671", "+14155552671", None),
        ("011 44 7400 123456", "+447400123456", None),
        ("415 555 2671 ext 11", "+14155552671", "11"),
        ("608-271-9000x11", "+16082719000", "11"),
        ("+1-608-271-9000-x11", "+16082719000", "11"),
        ("+15551234567", "+15551234567", None),
        ("anonymous", None, None),
        ("Restricted", None, None),
        ("{{called_number}}", None, None),
        ("", None, None),
        ("5552671", None, None),
        ("+999123456789", None, None),
    ],
)
def test_a_number_is_heard(said: str, number: str | None, extension: str | None) -> None:
    """By the region of the business; a withheld or odd one is no number."""
    assert heard.phone(said, "1") == heard.Number(number, extension)


@pytest.mark.parametrize(
    ("said", "home", "number"),
    [
        ("07400 123456", "44", "+447400123456"),
        ("0171 1234567", "49", "+491711234567"),
        ("612 345 678", "34", "+34612345678"),
    ],
)
def test_a_national_number_is_the_businesss_countrys(said: str, home: str, number: str) -> None:
    """Its zero goes, its calling code comes."""
    assert heard.phone(said, home).e164 == number


@pytest.mark.parametrize(
    ("number", "country"),
    [("+13125550142", "US"), ("+14165550100", "CA"), ("+18765550100", "JM"),
     ("+447400123456", "GB"), ("+77011234567", "KZ"), ("+79161234567", "RU"),
     ("+97150123456", "AE"), ("+888123456789", None)],
)  # fmt: skip
def test_a_numbers_country(number: str, country: str | None) -> None:
    """North America by its area code; a number of no country has none."""
    assert countries.country(number) == country


@freely(300)
@given(said=st.text(max_size=60) | st.from_regex(r"[a-z0-9 :.,'/-]{0,40}", fullmatch=True))
def test_nothing_that_is_said_is_a_fault(said: str) -> None:
    """Each is heard, or asked back in words that can be spoken."""
    heard.digits(said)
    heard.phone(said, "1")
    for hear in (lambda: days.heard(said, MONDAY), lambda: hours.heard(said)):
        assert wrong_in(asked_back(hear) or "Heard.") == []


def asked_back(hear: Callable[[], object]) -> str | None:
    """The question that it ends in; None if it was heard."""
    try:
        hear()
    except ValidationFailedError as refusal:
        return str(refusal.spoken)
    return None
