"""Whether a notification is Square's own, by the signature that it carries."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIGNATURE = "x-square-hmacsha256-signature"


def signed_with(
    url: str, body: bytes, headers: Mapping[str, str], keys: Mapping[str, str]
) -> str | None:
    """The name of the key that has signed this body for this address; None: no key of ours.

    Square signs the address that its subscription names and the bytes that it sends. Every key is
    tried, so that the time tells nothing; an empty key or an empty body fits nothing.
    """
    given = headers.get(_SIGNATURE, "").encode("utf-8", "surrogatepass")
    found = None
    for name, key in keys.items():
        digest = hmac.new(key.encode(), url.encode() + body, hashlib.sha256).digest()
        matches = hmac.compare_digest(base64.b64encode(digest), given)
        if matches and key and url and body:
            found = name
    return found
