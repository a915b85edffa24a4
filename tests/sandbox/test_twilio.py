"""The stand-in for Twilio keeps to Twilio's contract."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientConnectorError, ClientSession, ClientTimeout, encode_basic_auth, web
from twilio.request_validator import RequestValidator

from local.sandbox.faults import Fault, Faults
from local.sandbox.twilio.server import Server
from local.sandbox.twilio.vendor import Account

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ACCOUNT = Account("AC" + "0" * 32, "12345")
TO, OURS = "+13125550143", "+13125550100"
_LOOKS = 400


@dataclass
class Business:
    """What is called back: keeps each form, and fails as often as it is told to."""

    url: str = ""
    failing: int = 0
    forms: list[dict[str, str]] = field(default_factory=list)
    genuine: list[bool] = field(default_factory=list)
    twiml: str = "<Response/>"

    async def called(self, request: web.Request) -> web.Response:
        """One webhook."""
        form = {name: str(text) for name, text in (await request.post()).items()}
        signature = request.headers["X-Twilio-Signature"]
        validator = RequestValidator(ACCOUNT.auth_token)
        self.genuine.append(validator.validate(str(request.url), form, signature))
        if self.failing:
            self.failing -= 1
            return web.Response(status=503)
        self.forms.append(form)
        return web.Response(text=self.twiml, content_type="text/xml")

    async def got(self, number: int) -> list[str]:
        """The statuses that were reported, once there are so many."""
        for _ in range(_LOOKS):
            if len(self.forms) >= number:
                break
            await asyncio.sleep(0.01)
        return [form["MessageStatus"] for form in self.forms]


@dataclass
class World:
    """Twilio, the business it calls back, and a client of its API."""

    server: Server
    faults: Faults
    business: Business
    client: ClientSession

    @property
    def messages(self) -> str:
        """The address of the resource."""
        return f"{self.server.url}/2010-04-01/Accounts/{ACCOUNT.sid}/Messages"

    async def send(self, to: str = TO, body: str = "Hi", fragment: str = "") -> tuple[int, Any]:
        """Status and JSON of a new message."""
        callback = f"{self.business.url}/status?attempt=1&sms=x{fragment}"
        form = {"To": to, "From": OURS, "Body": body, "StatusCallback": callback}
        async with self.client.post(f"{self.messages}.json", data=form) as answer:
            return answer.status, await answer.json()

    async def read(self, path: str, **query: str) -> Any:
        """The JSON of a read."""
        async with self.client.get(f"{self.messages}{path}.json", params=query) as answer:
            return await answer.json()


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    """Everything on free ports."""
    business, faults = Business(), Faults()
    app = web.Application()
    app.router.add_post("/{path:.*}", business.called)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    business.url = "http://127.0.0.1:{1}".format(*runner.addresses[0])
    server = Server(ACCOUNT, business.url, faults)
    await server.open()
    headers = {"Authorization": encode_basic_auth(ACCOUNT.sid, ACCOUNT.auth_token)}
    try:
        async with ClientSession(headers=headers, timeout=ClientTimeout(total=1)) as client:
            yield World(server, faults, business, client)
    finally:
        await server.close()
        await runner.cleanup()


def test_a_text_lives_as_at_twilio() -> None:
    """201 and queued; then sent and delivered, by forms that Twilio's own validator accepts."""

    async def play() -> None:
        async with world() as at:
            status, message = await at.send(fragment="#rc=5&rp=all")
            assert (status, message["status"], message["error_code"]) == (201, "queued", None)
            assert message["sid"].startswith("SM")
            assert (len(message["sid"]), message["num_segments"]) == (34, "1")
            assert await at.business.got(2) == ["sent", "delivered"]
            assert all(at.business.genuine)
            assert at.business.forms[1]["MessageSid"] == message["sid"]
            assert (await at.read(f"/{message['sid']}"))["status"] == "delivered"

    asyncio.run(play())


def test_a_report_is_repeated_as_the_fragment_asks_and_not_otherwise() -> None:
    """The fragment is heeded; without them a 503 is not repeated."""

    async def play() -> None:
        async with world() as at:
            at.business.failing = 2
            await at.send(fragment="#rc=5&rp=all")
            assert await at.business.got(2) == ["sent", "delivered"]
            at.business.failing = 1
            at.business.forms.clear()
            await at.send()
            assert await at.business.got(1) == ["delivered"]

    asyncio.run(play())


def test_magic_numbers_refuse_or_fail() -> None:
    """Twilio's test numbers are refused with their codes; ours are accepted and then fail."""

    async def play() -> None:
        async with world() as at:
            codes = {1: 21211, 2: 21612, 4: 21610, 9: 21614}
            for number, code in codes.items():
                status, error = await at.send(f"+1500555000{number}")
                assert (status, error["code"], error["status"]) == (400, code, 400)
                assert set(error) == {"code", "message", "more_info", "status"}
            for code in (30003, 30006, 30007):
                at.business.forms.clear()
                await at.send(f"+150055500{code % 100 + 30}")
                assert await at.business.got(2) == ["sent", "undelivered"]
                assert at.business.forms[1]["ErrorCode"] == str(code)

    asyncio.run(play())


def test_the_list_is_filtered_and_paged() -> None:
    """By To, From and DateSent, newest first, with a next page while there is more."""

    async def play() -> None:
        async with world() as at:
            for number in range(3):
                await at.send(body=f"text {number}")
            await at.send("+13125550199")
            await at.business.got(8)
            page = await at.read("", To=TO, From=OURS, PageSize="2")
            assert [each["body"] for each in page["messages"]] == ["text 2", "text 1"]
            async with at.client.get(at.server.url + page["next_page_uri"]) as answer:
                rest = await answer.json()
            assert [each["body"] for each in rest["messages"]] == ["text 0"]
            assert rest["next_page_uri"] is None
            for name, number in {"DateSent>": 4, "DateSent<": 0}.items():
                found = await at.read("", **{name: "2026-01-01"})
                assert len(found["messages"]) == number

    asyncio.run(play())


def test_nobody_else_may_ask() -> None:
    """A wrong token is 401 with Twilio's code."""

    async def play() -> None:
        async with world() as at:
            headers = {"Authorization": encode_basic_auth(ACCOUNT.sid, "no")}
            answer = await at.client.get(f"{at.messages}.json", headers=headers)
            assert (answer.status, (await answer.json())["code"]) == (401, 20003)

    asyncio.run(play())


def test_faults_do_what_they_say_as_often_as_they_say() -> None:
    """Whether the text was accepted is in the log."""

    async def play() -> None:
        async with world() as at:
            for mode, status, accepted in (("429", 429, 0), ("500", 500, 0)):
                at.faults.add(Fault("twilio", mode, count=1))
                assert (await at.send())[0] == status
                assert len(at.server.vendor.log.messages) == accepted
            for mode, accepted in (("hang_before_accept", 0), ("hang_after_accept", 1)):
                at.faults.add(Fault("twilio", mode, count=1))
                with pytest.raises(TimeoutError):
                    await at.send()
                assert len(at.server.vendor.log.messages) == accepted
            assert (await at.send())[0] == 201

    asyncio.run(play())


def test_refused_means_that_no_connection_came_about() -> None:
    """Until it is cleared."""

    async def play() -> None:
        async with world() as at:
            at.faults.add(Fault("twilio", "refuse"))
            await at.server.heed_refusals()
            with pytest.raises(ClientConnectorError) as refused:
                await at.send()
            assert isinstance(refused.value.os_error, ConnectionRefusedError)
            at.faults.clear()
            await at.server.heed_refusals()
            assert (await at.send())[0] == 201

    asyncio.run(play())


def test_after_stop_twilio_itself_refuses() -> None:
    """21610 until START; the reply of the business is a text as well."""

    async def play() -> None:
        async with world() as at:
            at.business.twiml = "<Response><Message>See you &amp; thanks</Message></Response>"
            over = await at.server.vendor.hand_over(TO, OURS, "Hello")
            assert (over.status, over.reply) == (200, "See you & thanks")
            assert at.business.forms[0]["SmsStatus"] == "received"
            await at.server.vendor.hand_over(TO, OURS, "Stop")
            assert (await at.send())[1]["code"] == 21610
            await at.server.vendor.hand_over(TO, OURS, "START")
            assert (await at.send())[0] == 201
            replies = [each.body for each in at.server.vendor.log.accepted(TO)]
            assert replies.count("See you & thanks") == 2

    asyncio.run(play())
