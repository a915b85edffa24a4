"""Twilio itself, as far as texts go: takes and carries them, hands over what customers send."""

from __future__ import annotations

import asyncio
import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from local.sandbox.twilio import numbers
from local.sandbox.twilio.messages import API, INBOUND, REPLY, Log, Message
from local.sandbox.twilio.webhooks import Webhooks

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping
    from typing import Any

_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_LONGEST = 1600
_OPTED_OUT = 21610


class NotAcceptedError(Exception):
    """Twilio refuses a text, with its code and words."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Account:
    """What the business shares with Twilio."""

    sid: str
    auth_token: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What came of a customer's text: the webhook's answer, and what it says to the customer."""

    sid: str
    status: int
    twiml: str
    reply: str | None


class Vendor:
    """One account. `inbound_url` is what its numbers are set to."""

    def __init__(self, account: Account, inbound_url: str) -> None:
        self.account = account
        self.log = Log()
        self.webhooks = Webhooks(account.auth_token)
        self._inbound_url = inbound_url
        self._stopped: set[tuple[str, str]] = set()
        self._carried: set[asyncio.Task[None]] = set()

    def accept(self, form: Mapping[str, str]) -> Message:
        """Take a text and carry it; what becomes of it is told to its StatusCallback.

        Raises:
            NotAcceptedError: as Twilio refuses it.
        """
        to, sender, body = (form.get(name, "") for name in ("To", "From", "Body"))
        self._check(to, sender, body)
        callback = form.get("StatusCallback", "")
        message = self.log.add(Message(to, sender, body, API, "queued", callback))
        self._later(self._carry(message))
        return message

    async def hand_over(self, sender: str, to: str, body: str) -> HandedOver:
        """A customer's text, to the business's webhook; its reply goes to the customer."""
        message = self.log.add(Message(to, sender, body, INBOUND, "received"))
        stopped = self._heed_consent(message)
        answered = await self.webhooks.post(self._inbound_url, self._inbound(message))
        reply = _said(answered.body) if answered.well else None
        if reply and not stopped:
            status = "delivered"
            self.log.add(Message(sender, to, reply, REPLY, status, sent_at=datetime.now(UTC)))
        return HandedOver(message.sid, answered.status, answered.body, reply)

    async def close(self) -> None:
        """Whatever is still under way is lost."""
        for task in self._carried:
            task.cancel()
        await asyncio.gather(*self._carried, return_exceptions=True)
        await self.webhooks.close()

    def _check(self, to: str, sender: str, body: str) -> None:
        wrongs = {
            21604: (not to, "A 'To' phone number is required."),
            21603: (not sender, "A 'From' phone number is required."),
            21602: (not body, "Message body is required."),
            21211: (not _PHONE.fullmatch(to), "The 'To' number is not a valid phone number."),
            21212: (not _PHONE.fullmatch(sender), "The 'From' number is not a valid number."),
            21617: (len(body) > _LONGEST, "The message body exceeds the 1600 character limit."),
            _OPTED_OUT: ((to, sender) in self._stopped, numbers.REFUSED["+15005550004"][1]),
        }
        for code, (wrong, words) in wrongs.items():
            if wrong:
                raise NotAcceptedError(code, words)
        if to in numbers.REFUSED:
            raise NotAcceptedError(*numbers.REFUSED[to])

    async def _carry(self, message: Message) -> None:
        end, code = numbers.FAILING.get(message.to, ("delivered", None))
        for status in ("sent", end):
            await asyncio.sleep(random.uniform(0.02, 0.06))
            message.status = status
            if status == "sent":
                message.sent_at = datetime.now(UTC)
            else:
                message.error_code = code
            if message.callback:
                await self.webhooks.post(message.callback, self._report(message))

    def _report(self, message: Message) -> dict[str, str]:
        form = {
            "AccountSid": self.account.sid,
            "ApiVersion": "2010-04-01",
            "From": message.sender,
            "MessageSid": message.sid,
            "MessageStatus": message.status,
            "SmsSid": message.sid,
            "SmsStatus": message.status,
            "To": message.to,
        }
        if message.status != "sent":
            form["RawDlrDoneDate"] = datetime.now(UTC).strftime("%y%m%d%H%M")
        return form | ({"ErrorCode": str(message.error_code)} if message.error_code else {})

    def _inbound(self, message: Message) -> dict[str, str]:
        places = ("City", "State", "Zip", "Country")
        return {
            "AccountSid": self.account.sid,
            "ApiVersion": "2010-04-01",
            "Body": message.body,
            "From": message.sender,
            "MessageSid": message.sid,
            "NumMedia": "0",
            "NumSegments": str(message.segments),
            "SmsMessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsStatus": "received",
            "To": message.to,
            **{f"{side}{place}": "" for side in ("From", "To") for place in places},
        }

    def _heed_consent(self, message: Message) -> bool:
        """Whether the customer has just stopped, or had: Twilio then lets nothing through."""
        word, pair = message.body.strip().casefold(), (message.sender, message.to)
        if word in numbers.STOP:
            self._stopped.add(pair)
        if word in numbers.START:
            self._stopped.discard(pair)
        return pair in self._stopped

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._carried.add(task)
        task.add_done_callback(self._carried.discard)


def _said(twiml: str) -> str | None:
    """The text of the TwiML's message, None where there is none."""
    try:
        found = ET.fromstring(twiml).find("Message")  # noqa: S314 - our own stack's answer
    except ET.ParseError:
        return None
    return None if found is None else "".join(found.itertext())
