"""How the agent's platform proves which business it calls for, before anything is parsed.

A bearer token or secret is found by its hash alone. A signature names its credential in the query
of the address (`?credential=<id>`), for it carries no name itself.
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

SIGNATURE, TIMESTAMP = "x-signature", "x-timestamp"

REPLAY_SECONDS = 300
"""How old, or how far ahead, a signed request may be."""

_TOKEN = re.compile(r"[\x21-\x7e]{16,512}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HEX = re.compile(r"[0-9a-f]{64}")
_SECONDS = re.compile(r"[0-9]{9,16}")
_MILLISECONDS_FROM = 10**11
"""A number this large is no time in seconds: it would be in the year 5138."""


def of_token(token: str) -> str:
    """Under what the org of a bearer token or secret is found: its row of orgs holds it."""
    return sha256(f"vapi#{token}".encode()).hexdigest()


def of_id(credential_id: str) -> str:
    """Under what the org of a signing credential is found."""
    return sha256(f"vapi-hmac#{credential_id}".encode()).hexdigest()


def token(headers: Mapping[str, str]) -> str | None:
    """The token or secret of a request; None if it is none."""
    given = headers.get("x-vapi-secret") or headers.get("authorization", "")
    kind, _, rest = given.partition(" ")
    found = rest.strip() if kind.lower() == "bearer" else given.strip()
    return found if _TOKEN.fullmatch(found) else None


def credential_id(query: Mapping[str, str]) -> str | None:
    """Which credential a request is signed with."""
    found = query.get("credential", "")
    return found if _ID.fullmatch(found) else None


def genuine(headers: Mapping[str, str], body: bytes, keys: Sequence[str], now: datetime) -> bool:
    """Whether one of the keys has signed this body just now: HMAC-SHA256 of `{timestamp}.{body}`.

    Two keys may be valid at once, so that one can follow the other without a gap.
    """
    given = headers.get(SIGNATURE, "").strip().lower().removeprefix("sha256=")
    stamp = headers.get(TIMESTAMP, "").strip()
    if not (_HEX.fullmatch(given) and _SECONDS.fullmatch(stamp)):
        return False
    at = int(stamp) / (1000 if int(stamp) >= _MILLISECONDS_FROM else 1)
    signed = f"{stamp}.".encode() + body
    ours = [hmac.digest(each.encode(), signed, "sha256").hex() for each in keys]
    matches = [hmac.compare_digest(each, given) for each in ours]
    return any(matches) and abs(now.timestamp() - at) <= REPLAY_SECONDS
