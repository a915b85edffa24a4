"""Twilio's Messages resource, over urllib3.

Not the twilio package: its client has no time-out unless told, costs 80 ms of import, and hides
whether a request was sent. Here a failed call says whether Twilio can have taken the message.
"""

from __future__ import annotations

import json
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from closedloop.core.errors import ServiceUnavailableError
from closedloop.texts.twilio_codes import (
    Accepted,
    NotProcessed,
    Outcome,
    QueueFull,
    Rejected,
    Sighting,
    Unclear,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

# Together less than half of the worker's time-out, which also writes before and after.
_TIMEOUT = urllib3.Timeout(connect=3, read=9)
_LISTED = 100
_TOO_MANY = 429
_QUEUE_FULL = 21611  # hours of texts wait for this number's one a second
_CREATED = (200, 201)


class Twilio:
    """One account. `account_sid` and `auth_token` come from the stack's secret."""

    def __init__(self, base_url: str, account_sid: str, auth_token: str) -> None:
        self._url = f"{base_url}/2010-04-01/Accounts/{account_sid}/Messages.json"
        # No repeats of any kind: a second POST is a second text. No kept connection either: one
        # that Twilio has closed meanwhile fails in a way that cannot be told from a lost answer.
        self._pool = urllib3.PoolManager(retries=False, timeout=_TIMEOUT)
        self._headers = {
            **urllib3.make_headers(basic_auth=f"{account_sid}:{auth_token}"),
            "Accept": "application/json",
            "Connection": "close",
        }

    def send(
        self, to: str, sender: str, body: str, callback: str, seconds: int | None = None
    ) -> Outcome:
        """Hand one text over. Never raises for anything that Twilio or the network does.

        With `seconds` Twilio gives it up when it could not be sent on within them.
        """
        fields = {"To": to, "From": sender, "Body": body, "StatusCallback": callback}
        form = urlencode(fields | ({} if seconds is None else {"ValidityPeriod": str(seconds)}))
        headers = {**self._headers, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            answer = self._pool.request("POST", self._url, body=form, headers=headers)
        except (NewConnectionError, ConnectTimeoutError):
            return NotProcessed()
        except HTTPError:
            return Unclear()
        return _outcome(answer.status, _json(answer.data))

    def sent_to(self, to: str, sender: str) -> list[Sighting]:
        """The latest texts from `sender` to `to`, newest first.

        Not narrowed by DateSent: a text that Twilio still has in its queue has none.

        Raises:
            ServiceUnavailableError: no answer, or none that says it.
        """
        query = urlencode({"To": to, "From": sender, "PageSize": _LISTED})
        try:
            answer = self._pool.request("GET", f"{self._url}?{query}", headers=self._headers)
            found = json.loads(answer.data)["messages"] if answer.status in _CREATED else None
        except (HTTPError, ValueError, KeyError, TypeError) as lost:
            raise ServiceUnavailableError from lost
        if found is None:
            raise ServiceUnavailableError
        return [_sighting(each) for each in found]


def _outcome(status: int, body: Mapping[str, Any]) -> Outcome:
    if status in _CREATED and body.get("sid"):
        return Accepted(str(body["sid"]), str(body.get("status") or "queued"))
    if body.get("code") == _QUEUE_FULL:
        return QueueFull()
    if status == _TOO_MANY or body.get("code") == 20429:  # noqa: PLR2004 - Twilio's own number
        return NotProcessed()
    if _TOO_MANY > status >= 400:  # noqa: PLR2004 - HTTP's own
        return Rejected(int(body.get("code") or status))
    return Unclear()


def _sighting(message: Mapping[str, Any]) -> Sighting:
    created = parsedate_to_datetime(message["date_created"])
    if created.tzinfo is None:
        created = created.replace(tzinfo=UTC)
    code = message.get("error_code")
    return Sighting(
        sid=str(message["sid"]),
        status=str(message["status"]),
        body=str(message["body"]),
        created_at=created.astimezone(UTC),
        error_code=int(code) if code else None,
    )


def _json(data: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
