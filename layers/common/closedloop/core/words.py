"""Words that people write: what counts as blank, and what a name may hold."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Categories of characters that show nothing: controls, formats (zero width), spaces."""

_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters by category that show nothing all the same: Hangul fillers, the empty Braille cell."""

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates: they turn the text that follows a name around."""


def blank(text: str) -> bool:
    """Whether a text shows nothing: empty, or spaces, controls and zero-width characters alone."""
    return all(each in _FILLERS or unicodedata.category(each) in _UNSEEN for each in text)


def not_blank(text: str) -> str:
    """The text.

    Raises:
        ValueError: it shows nothing.
    """
    if blank(text):
        raise ValueError("must not be blank")
    return text


def one_line(text: str) -> str:
    """The text.

    Raises:
        ValueError: it holds a control character, a line break, or one that reverses what follows.
    """
    if any(each in _BIDI or unicodedata.category(each) in {"Cc", "Zl", "Zp"} for each in text):
        raise ValueError("control characters are not allowed")
    return text


PersonName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(not_blank),
    AfterValidator(one_line),
]
"""A person's name: something to be seen, on one line, at most 200 characters."""
