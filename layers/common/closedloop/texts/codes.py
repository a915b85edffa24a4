"""Codes that prove a number: worked out when they are sent and when they are checked, never kept.

A code is a keyed hash (HMAC-SHA256, cut down to some digits) of the random nonce of its sending.
The table `codes` holds the nonce, the secret holds the key: neither tells the code alone, and a
text is stored with its digits covered (docs/decisions/0011).
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from closedloop.business.defaults import setting
from closedloop.core.times import parse
from closedloop.texts import model

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.core.decision import Context, RowKey
    from closedloop.core.rows import Row

TABLE = "codes"
KEY = ("secrets", "codes")
"""What a rule asks for in order to work out a code: `key`."""

HOLDS = "appointment_holds"
"""The table of a code's person: nobody knows yet whose number it is, only which hold it proves."""

KIND = "code"
"""What marks the row of a text that carries a code."""

SHORTEST, LONGEST = 4, 8
"""Digits of a code; the setting `code_length` says how many an org wants."""

LASTS = timedelta(minutes=10)

_COVER = "*"
_DIGITS = re.compile(rf"^[0-9]{{{SHORTEST},{LONGEST}}}")
_WORDS = {
    "en": "{code} is your code for {name}. It is valid for {minutes} minutes.",
    "es": "{code} es su clave de {name}. Vale {minutes} minutos.",
}
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Sendable:
    """What is sent in place of the row's message, and for how many seconds it is worth sending."""

    body: str
    seconds: int


def code(row: Row, key: str) -> str:
    """The digits of the code whose sending this row of `codes` tells of."""
    sent = f"{row['id']}#{row['nonce']}"
    digest = hmac.digest(key.encode(), sent.encode(), "sha256")
    length = int(row["length"])
    return f"{int.from_bytes(digest, 'big') % 10**length:0{length}}"


def fits(row: Row, key: str, digits: str) -> bool:
    """Whether these digits are the code, in the same time for all."""
    return hmac.compare_digest(code(row, key).encode(), digits.encode())


def length_of(settings: Row) -> int:
    """How many digits the org's codes have."""
    return int(setting(settings, "code_length"))


def text(settings: Row) -> model.Text:
    """The text of a code with its digits covered, as the row keeps it."""
    covered = _COVER * length_of(settings)
    return model.Text(_said(covered, settings), model.TRANSACTIONAL, template_id="code", kind=KIND)


def wanted(job: model.Job) -> tuple[RowKey, ...]:
    """What must be read to send a text to this person besides the text and the person."""
    table, person_id = job.person
    return ((TABLE, person_id.removeprefix("hold#")),) if table == HOLDS else ()


def sendable(job: model.Job, row: Row, context: Context) -> Sendable | None:
    """What to send for a text with a code; None if the code is over, used, or not the last one."""
    ((_, code_id),) = wanted(job)
    kept = context.seen.get((TABLE, code_id))
    if kept is None or kept.get("sms_id") != job.id or "used_at" in kept:
        return None
    left = int((parse(kept["until"]) - context.now).total_seconds())
    if left < 1:
        return None
    covered = str(row["message"])
    length = len(covered) - len(covered.lstrip(_COVER))
    return Sendable(code(kept, _key(context)) + covered[length:], left)


def same_message(said: str, row: Row) -> bool:
    """Whether a text that Twilio shows is this row's; of one with a code all but the digits."""
    if row.get("kind") != KIND:
        return bool(said == row["message"])
    covered = _DIGITS.sub(lambda found: _COVER * len(found[0]), said)
    return bool(covered == row["message"])


def known_key(context: Context) -> str:
    """The key of all codes.

    Raises:
        NeedsError: asked again, with it.
    """
    context.know(KEY)
    return _key(context)


def _key(context: Context) -> str:
    found: Any = context.seen.get(KEY) or {}
    return str(found.get("key", ""))


def _said(code: str, settings: Row) -> str:
    words = _WORDS.get(str(settings.get("locale") or "en")[:2], _WORDS["en"])
    name = str(settings.get("name") or "your appointment")[:_LONGEST_NAME]
    return words.format(code=code, name=name, minutes=int(LASTS / timedelta(minutes=1)))


def over_at(until: datetime) -> int:
    """When the row of a code may be cleaned away (epoch s)."""
    return int((until + timedelta(days=1)).timestamp())
