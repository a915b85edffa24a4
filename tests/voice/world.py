"""Calls as the agent makes them: envelopes to the webhook, to a business with a clock and texts."""

from __future__ import annotations

import json
import re
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.support.actions import Answer, Press, event_of, handlers
from tests.texts.world import World as Texts
from tests.voice.lines import wrong_in

if TYPE_CHECKING:
    import pytest

    from closedloop.core.rows import Row
    from tests.support.database import Database

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PHONE = "+13125550142"
TOOLS = "/api/vapi/tools/booking/"
_ID = re.compile(r"\[([^\]]+)\]")
_ids = count(1)

OPEN: Row = {
    "time_zone": "America/Chicago",
    "opening_hours": {day: [["09:00", "17:00"]] for day in DAYS},
    "services": [
        {"id": "wash", "name": "Hand wash", "duration_minutes": 60},
        {"id": "full", "name": "Full detail", "duration_minutes": 240},
    ],
    "resources": [{"id": "bay", "name": "Bay", "capacity": 1}],
    "slot_minutes": 60,
    "lead_minutes": 0,
    "horizon_days": 60,
}


class World(Texts):
    """A garage in Chicago on Friday, June 1st 2029, at ten in the morning."""

    def __init__(self, db: Database, monkeypatch: pytest.MonkeyPatch, org: str) -> None:
        super().__init__(db, monkeypatch, org)
        self.set(**OPEN)

    def post(self, body: Any, function: str = "vapi_webhook") -> Answer:
        """One request with the org's credential."""
        event = event_of(*_SOME[function])
        press = Press(event).by("voice", self.org).body(json.dumps(body))
        return Answer.of(handlers()[function](press.event))

    def tool(self, name: str, /, key: str | None = None, **arguments: Any) -> Answer:
        """The bare arguments, to a tool's own address."""
        press = Press(event_of(*_SOME[name])).by("voice", self.org).key(key)
        return Answer.of(handlers()[name](press.body(json.dumps(arguments)).event))

    def call(self, number: str | None = PHONE) -> Call:
        """Somebody calls."""
        return Call(self, f"call-{next(_ids)}", number)

    def code(self) -> str:
        """The code in the last text that went out, once the worker has sent what waits."""
        self.dispatch()
        self.work_off()
        found = re.match(r"\d+", self.twilio.accepted[-1].body)
        assert found
        return found[0]

    def holds(self) -> list[Row]:
        """The holds of the org."""
        rows = self.db.rows("appointment_holds", self.org)
        return [row for row in rows if row["id"].startswith("hold#")]

    def booked(self) -> list[Row]:
        """The appointments of the org."""
        return self.db.rows("appointments", self.org)


class Call:
    """One call: what the agent asks for, and the lines that it gets."""

    def __init__(self, world: World, call_id: str, number: str | None) -> None:
        self.world, self.id, self.number = world, call_id, number
        self.last: Answer

    def envelope(self, *asked: tuple[str, Any], ids: list[str] | None = None) -> Row:
        """The request that asks for these tools at once."""
        names = ids or [f"toolu_{next(_ids)}" for _ in asked]
        calls = [
            {"id": each, "type": "function", "function": {"name": name, "arguments": arguments}}
            for each, (name, arguments) in zip(names, asked, strict=True)
        ]
        call: Row = {"id": self.id, "type": "inboundPhoneCall"}
        if self.number is not None:
            call["customer"] = {"number": self.number}
        return {"message": {"type": "tool-calls", "toolCallList": calls, "call": call}}

    def ask(self, name: str, /, tool_id: str | None = None, **arguments: Any) -> str:
        """The line that a tool answers."""
        ids = [tool_id] if tool_id else None
        self.last = self.world.post(self.envelope((name, arguments), ids=ids))
        assert self.last.status == 200
        (result,) = self.last.json["results"]
        line = str(result["result"])
        assert wrong_in(line, booked=bool(self.world.booked())) == [], line
        return line

    def hold(self, **arguments: Any) -> str:
        """Hold a time; its hold's id."""
        asked = {"date": "tomorrow", "time": "3 p.m.", **arguments}
        line = self.ask("reserve-atomic", **asked)
        assert line.startswith("I'm holding"), line
        return last_id(line)

    def proved(self, **arguments: Any) -> str:
        """Hold a time and verify the code; the appointment's id."""
        hold = self.hold(**arguments)
        assert self.ask("send-otp", holdId=hold).startswith("I sent")
        line = self.ask("verify-otp", holdId=hold, code=self.world.code())
        assert line.startswith("You're booked"), line
        return hold

    def ended(self, kind: str = "end-of-call-report", **more: Any) -> Answer:
        """The platform says that the call is over."""
        return self.world.post({"message": {"type": kind, "call": {"id": self.id}, **more}})


def last_id(line: str) -> str:
    """The id in the last brackets of a line."""
    return str(_ID.findall(line)[-1])


_SOME = {
    "check_availability": ("check_availability", "a_day"),
    "reserve_atomic": ("reserve_atomic", "held"),
    "send_otp": ("send_otp", "sent"),
    "verify_otp": ("verify_otp", "verified"),
    "send_confirmation": ("send_confirmation", "sent"),
    "vapi_webhook": ("vapi_webhook", "two_tools"),
}
"""An event of each function, whose body is replaced."""
