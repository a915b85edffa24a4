"""Digits as they are heard: codes and phone numbers in the shapes that recognisers write.

What cannot be read is no digit: whoever asks says so, and nothing is counted against the caller.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from closedloop.business import countries

_WORDS = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "naught": "0", "null": "0",
    "one": "1", "won": "1", "two": "2", "to": "2", "too": "2", "three": "3", "four": "4",
    "for": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "ate": "8", "nine": "9",
    "niner": "9",
}  # fmt: skip
_TEENS = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14",
    "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
}  # fmt: skip
_TENS = {
    "twenty": "2", "thirty": "3", "forty": "4", "fifty": "5", "sixty": "6", "seventy": "7",
    "eighty": "8", "ninety": "9",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3}
_SAID_BESIDE = frozenset(
    {"the", "code", "is", "it", "its", "it's", "my", "number", "and", "um", "uh", "dash", "dot",
     "pound", "hash", "please", "okay", "ok", "yes"}
)  # fmt: skip
_TOKENS = re.compile(r"[0-9]+|[a-z']+")
_EXTENSION = re.compile(r"\s*(?:,|;)?\s*(?:ext\.?|extension|x)\s*([0-9]{1,6})\s*$")
_PLACEHOLDERS = frozenset({"anonymous", "restricted", "unknown", "private", "unavailable", "none",
                           "null", "undefined", "blocked", "withheld"})  # fmt: skip
_LONGEST = 120
_SHORTEST_NUMBER, _LONGEST_NUMBER = 7, 15


@dataclass(frozen=True, slots=True)
class Number:
    """A phone number as it was heard: `e164` is None if it is none; `extension` as said."""

    e164: str | None
    extension: str | None = None


def digits(text: str) -> str | None:
    """The digits that were said: `4 8 3 9`, `four eight three nine`, `48-39.`, `oh four thirty`.

    None if something else was said among them.
    """
    found: list[str] = []
    tokens = _TOKENS.findall(text.lower()[:_LONGEST])
    position = 0
    while position < len(tokens):
        said, taken = _digits_at(tokens, position)
        if said is None:
            return None
        found.append(said)
        position += taken
    return "".join(found) or None


def _digits_at(tokens: list[str], position: int) -> tuple[str | None, int]:
    """What the words from here on say, and how many of them."""
    word = tokens[position]
    following = tokens[position + 1] if position + 1 < len(tokens) else ""
    if word.isdigit():
        return word, 1
    if word in _TIMES:
        digit = following if len(following) == 1 and following.isdigit() else _WORDS.get(following)
        return (digit * _TIMES[word], 2) if digit else (None, 1)
    if word in _TENS:
        unit = _WORDS.get(following, "")
        return (_TENS[word] + unit, 2) if unit not in {"", "0"} else (_TENS[word] + "0", 1)
    if word in _SAID_BESIDE:
        return "", 1
    return _WORDS.get(word) or _TEENS.get(word), 1


def phone(text: str, home: str | None) -> Number:
    """A number in E.164, national ones by the calling code of the business (`home`).

    A withheld number, a placeholder that nobody filled in and anything that is no number are none.
    """
    plain = text.strip().lower()[:_LONGEST]
    if not plain or "{" in plain or plain in _PLACEHOLDERS:
        return Number(None)
    extension = None
    if found := _EXTENSION.search(plain):
        plain, extension = plain[: found.start()], found[1]
    plain = re.sub(r"^plus\b", "+", plain.removeprefix("tel:").removeprefix("sip:"))
    said = digits(plain)
    if said is None:
        return Number(None, extension)
    return Number(_e164(said, home, international=plain.startswith("+")), extension)


def _e164(said: str, home: str | None, *, international: bool) -> str | None:
    if not international and said.startswith("00"):
        return _checked(said[2:])
    if not international and home == "1" and said.startswith("011"):
        return _checked(said[3:])
    if international:
        return _checked(said)
    return _national(said, home)


def _national(said: str, home: str | None) -> str | None:
    if home == "1":
        local = said[1:] if len(said) == 11 and said[0] == "1" else said  # noqa: PLR2004 - NANP
        return _checked("1" + local) if len(local) == 10 else None  # noqa: PLR2004 - NANP
    if home is None:
        return None
    if said.startswith("0"):
        return _checked(home + said.lstrip("0"))
    return _checked(said) if said.startswith(home) else _checked(home + said)


def _checked(number: str) -> str | None:
    if not _SHORTEST_NUMBER <= len(number) <= _LONGEST_NUMBER or number[0] == "0":
        return None
    if number[0] == "1" and not re.fullmatch(r"1[2-9][0-9]{9}", number):
        return None  # North America: an area code begins with 2 to 9, ten digits in all
    return f"+{number}" if countries.calling_code(f"+{number}") else None
