"""What a line must be that is spoken: one check for every result of every test."""

from __future__ import annotations

import re

LONGEST = 300
_BRACKETS = re.compile(r" ?\[[^\]]*\]")
_NOT_BOOKED = re.compile(r"\b(?:not|isn't) booked\b")
_SLOT = re.compile(r"\[[bcdfghjkmnpqrstvwxyz]{1,7}-[^\]]+\]")
_RULES = {
    "more than one line": re.compile(r"[\r\n]"),
    "a time by the clock": re.compile(r"\d:\d"),
    "a colon": re.compile(":"),
    "an ISO time": re.compile(r"\dT\d\d|\d\d\d\d-\d\d"),
    "an id that was cut": re.compile(r"[\[\]]"),
    "a slash": re.compile("/"),
    "digits that run together": re.compile(r"\d{4,}"),
    "two blanks": re.compile("  "),
    "a field's name": re.compile(r"\b[a-z]+[A-Z]\w*|\w_\w"),
}
MOST_TIMES = 3


def wrong_in(line: str, *, booked: bool = False) -> list[str]:
    """What is wrong with a line; `booked` says whether something was booked by now."""
    heard = _BRACKETS.sub("", line)
    found = [what for what, pattern in _RULES.items() if pattern.search(heard)]
    if len(line) > LONGEST:
        found.append(f"{len(line)} characters")
    if len(_SLOT.findall(line)) > MOST_TIMES:
        found.append("more than three times")
    if not line or (not line.rstrip("])").rstrip().endswith((".", "?")) and not line.endswith("]")):
        found.append("no sentence")
    if re.search(r"\bbooked\b", _NOT_BOOKED.sub("", heard)) and not booked:
        found.append("booked before it is")
    return found
