"""The phones of the customers: what they got, and what they send."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aiohttp import web

from local.demo.orgs import DETAILER
from local.sandbox.asking import body_of, refused
from local.sandbox.section import Sandbox, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.sandbox.twilio.messages import Message

_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_LONGEST = 1600


class UnreadableTextError(ValueError):
    """No phone sends this."""


def _routes(sandbox: Sandbox) -> Sequence[web.AbstractRouteDef]:
    vendor = sandbox.twilio.vendor

    async def messages(request: web.Request) -> web.Response:
        # A plus that was not escaped arrives as a space.
        to = request.query.get("to", "").replace(" ", "+")
        return web.json_response({"messages": [each.shown() for each in vendor.log.accepted(to)]})

    async def threads(_: web.Request) -> web.Response:
        return web.json_response({"threads": _threads(vendor.log.messages)})

    async def inbound(request: web.Request) -> web.Response:
        try:
            sender, body, to = _text(await body_of(request))
        except ValueError as wrong:
            return refused(request, str(wrong))
        ours = to or vendor.log.our_number(sender) or DETAILER.phone
        over = await vendor.hand_over(sender, ours, body)
        return web.json_response(
            {
                "sid": over.sid,
                "to": ours,
                "status": over.status,
                "twiml": over.twiml,
                "reply": over.reply,
            }
        )

    return [
        web.get("/sandbox/twilio/messages", messages),
        web.get("/sandbox/twilio/threads", threads),
        web.post("/sandbox/twilio/inbound", inbound),
    ]


def _threads(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """By customer, the one of the latest message first; each thread oldest first."""
    threads: dict[str, list[Message]] = {}
    for each in messages:
        threads.setdefault(each.customer, []).append(each)
    latest = sorted(threads.items(), key=lambda pair: pair[1][-1].created_at, reverse=True)
    return [
        {"number": number, "texts": [each.shown() for each in texts]} for number, texts in latest
    ]


def _text(wish: Any) -> tuple[str, str, str | None]:
    """Sender, body and, where it is given, our number.

    Raises:
        UnreadableTextError: a field is missing or of another kind.
    """
    fields = wish if isinstance(wish, dict) else {}
    sender, body, to = fields.get("from"), fields.get("body"), fields.get("to")
    if not isinstance(sender, str) or not _PHONE.fullmatch(sender):
        raise UnreadableTextError("from is a phone number like +13125550143.")
    if not isinstance(body, str) or not 0 < len(body) <= _LONGEST:
        raise UnreadableTextError(f"body is a text of 1 to {_LONGEST} characters.")
    if to is not None and (not isinstance(to, str) or not _PHONE.fullmatch(to)):
        raise UnreadableTextError("to is a phone number like +13125550100.")
    return sender, body, to


SECTION = Section(
    title="Texts",
    about="What Twilio has accepted, oldest first; ?to= narrows it to one number.",
    path="/sandbox/twilio/messages",
    routes=_routes,
)
