"""What a customer's whole text may mean: the carriers' words, and answers to a question.

Source: Twilio's default opt-out words, REVOKE and OPTOUT included (docs/contracts.md, "Opt-out
words"); the words that 47 CFR 64.1200(a)(10) names ("stop", "quit", "end", "revoke", "opt out",
"cancel", "unsubscribe").
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Meaning(StrEnum):
    """What a text asks for; WORDS is anything that a person must read."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    CONFIRM = "confirm"
    CANCEL = "cancel"
    WORDS = "words"


_CARRIERS = {
    **dict.fromkeys(
        ("stop", "stopall", "stop all", "unsubscribe", "end", "quit", "revoke"), Meaning.STOP
    ),
    **dict.fromkeys(("optout", "opt out", "opt-out"), Meaning.STOP),
    **dict.fromkeys(("start", "unstop"), Meaning.START),
    **dict.fromkeys(("help", "info"), Meaning.HELP),
}
_YES = ("c", "confirm", "yes", "y", "confirmar", "confirmo", "si", "s\u00ed")
_NO = ("x", "cancel", "no", "n", "cancelar", "cancelo")
_ANSWERS = {**dict.fromkeys(_YES, Meaning.CONFIRM), **dict.fromkeys(_NO, Meaning.CANCEL)}
_WITHOUT_QUESTION = {"cancel": Meaning.STOP, "yes": Meaning.START}
OBEYED = frozenset(_CARRIERS | _WITHOUT_QUESTION)
"""The words that the carriers act on, or we do, where nothing was asked."""

_SEEN_BY_TWILIO = {each.upper(): each for each in (Meaning.STOP, Meaning.START, Meaning.HELP)}
_NUMBERED = re.compile(r"(?P<word>[^\W\d]*)[\s#.:-]*(?P<number>[1-9])")
_AROUND = " .,!?\"'\u2018\u2019\u201c\u201d"


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says to a question: yes or no, and to which of the visits that we numbered."""

    means: Meaning | None = None
    number: int | None = None


def said(body: str, words: Mapping[str, str]) -> Said:
    """What a whole text answers, if it is an answer: `C`, `X2`, `no`, `2`.

    `words` are the org's own for `confirm` and `cancel`; a word of the carriers' stays theirs.
    """
    own = {_plain(word): Meaning(means) for means, word in words.items()}
    known = _ANSWERS | {word: means for word, means in own.items() if word not in _CARRIERS}
    text = _plain(body)
    if text in known:
        return Said(known[text])
    numbered = _NUMBERED.fullmatch(text)
    if numbered is None or (numbered["word"] and numbered["word"] not in known):
        return Said()
    return Said(known.get(numbered["word"]), int(numbered["number"]))


def meaning(body: str, opt_out_type: str | None, *, asked: bool) -> Meaning:
    """What a text means, `asked` when a question to this number is open.

    What Twilio took it for (`OptOutType`) comes first, for Twilio has acted on it already. CANCEL
    and YES answer an open question; without one they are what the carriers take them for.
    """
    if opt_out_type in _SEEN_BY_TWILIO:
        return _SEEN_BY_TWILIO[opt_out_type]
    word = _plain(body)
    others = _ANSWERS if asked else _WITHOUT_QUESTION
    return _CARRIERS.get(word) or others.get(word, Meaning.WORDS)


def obeyed(body: str) -> bool:
    """Whether a text is one word that is acted on without anybody reading it."""
    return _plain(body) in OBEYED


def _plain(body: str) -> str:
    """The text as it reads: full-width letters as plain ones, nothing invisible, single spaces."""
    seen = (
        each
        for each in unicodedata.normalize("NFKC", body)
        if unicodedata.category(each) not in {"Cf", "Cc"} or each.isspace()
    )
    return " ".join("".join(seen).split()).strip(_AROUND).casefold()
