"""Webhooks as Twilio posts them: signed forms, at most eight at once, repeated as the URL asks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urldefrag, urlencode
from uuid import uuid4

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout
from twilio.request_validator import RequestValidator
from yarl import URL

if TYPE_CHECKING:
    from collections.abc import Mapping

_AT_ONCE = 8
# Twilio's own: 5 s to connect, 15 s in all.
_TIMEOUT = ClientTimeout(total=15, sock_connect=5)
_PAUSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back in the end. Without an answer the status is 0."""

    status: int = 0
    body: str = ""
    trouble: str = ""

    @property
    def well(self) -> bool:
        """Whether Twilio is content."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own


class Webhooks:
    """Posts to the addresses that the account has given. `open` before, `close` after use."""

    def __init__(self, auth_token: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._turn = asyncio.Semaphore(_AT_ONCE)

    def open(self) -> None:
        """Within a running loop."""
        self._session = ClientSession(timeout=_TIMEOUT)

    async def close(self) -> None:
        """Nothing is posted any more."""
        await self._session.close()

    async def post(self, address: str, form: Mapping[str, str]) -> Answered:
        """Post a form, and repeat by the address's fragment: `rc` times, for troubles in `rp`.

        The fragment is neither sent nor signed. Without one it is once more, where no connection
        came about.
        """
        url, fragment = urldefrag(address)
        asked = parse_qs(fragment)
        repeats = min(int(asked.get("rc", ["1"])[0]), 5)
        reasons = set(asked.get("rp", ["ct"])[0].split(","))
        token = uuid4().hex
        answered = await self._post(url, form, token)
        for number in range(repeats):
            if answered.well or not reasons & {answered.trouble, "all"}:
                break
            await asyncio.sleep(_PAUSE_SECONDS * 2**number)
            answered = await self._post(url, form, token)
        return answered

    async def _post(self, url: str, form: Mapping[str, str], token: str) -> Answered:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": token,
            "X-Twilio-Signature": self._validator.compute_signature(url, dict(form)),
        }
        try:
            async with (
                self._turn,
                self._session.post(
                    URL(url, encoded=True), data=urlencode(form), headers=headers
                ) as response,
            ):
                trouble = f"{response.status // 100}xx"
                return Answered(response.status, await response.text(), trouble)
        except ClientConnectorError:
            return Answered(trouble="ct")
        except (TimeoutError, ClientError):
            return Answered(trouble="rt")
