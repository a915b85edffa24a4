"""What a customer's whole text may mean: the carriers' words, and answers to a question.

Source: Twilio's default opt-out words, REVOKE and OPTOUT included (CONTRACTS 3.6).
"""

from __future__ import annotations

from typing import Literal

Meaning = Literal["stop", "start", "help", "confirm", "cancel", "words"]

_STOP = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout"})
_START = frozenset({"start", "unstop"})
_HELP = frozenset({"help", "info"})
_AROUND = " \t\r\n.,!?\"'\u2018\u2019\u201c\u201d"

_ANSWERS: dict[str, Meaning] = {
    "confirm": "confirm",
    "yes": "confirm",
    "cancel": "cancel",
    "no": "cancel",
}
_WITHOUT_QUESTION: dict[str, Meaning] = {"cancel": "stop", "yes": "start"}


def meaning(body: str, opt_out_type: str | None, *, asked: bool) -> Meaning:
    """What a text means, `asked` when a question to this number is open.

    What Twilio took it for (`OptOutType`) comes first, for Twilio has acted on it already. CANCEL
    and YES answer an open question; without one they are what the carriers take them for.
    """
    if opt_out_type in {"STOP", "START", "HELP"}:
        return opt_out_type.lower()  # type: ignore[return-value] # one of the three
    word = body.strip(_AROUND).casefold()
    for words, means in ((_STOP, "stop"), (_START, "start"), (_HELP, "help")):
        if word in words:
            return means  # type: ignore[return-value] # one of the three
    return (_ANSWERS if asked else _WITHOUT_QUESTION).get(word, "words")
