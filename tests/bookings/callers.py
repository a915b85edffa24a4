"""Callers of the voice agent, who hold and prove by the rules of its tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from closedloop import wiring
from closedloop.bookings.slots import slot_id
from closedloop.texts import codes
from closedloop.voice.reserving import ReserveAtomic, reserve_atomic
from closedloop.voice.sending import SendOtp, send_otp
from closedloop.voice.verifying import VerifyOtp, verify_otp

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from closedloop.core.rows import Row
    from tests.bookings.world import World

KEY = "a key of tests"
OUR_NUMBER = "+12125550100"
"""Tells the country to whose numbers codes are sent."""


def phone(number: int) -> str:
    """A caller's mobile. Three in a row are no neighbours, whose codes are counted together."""
    return f"+1{212 + number % 3}555{number:04}"


def listen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tools find the key of codes."""
    monkeypatch.setitem(wiring.provided, codes.KEY, lambda: {"key": KEY})


def ask(
    world: World, start: datetime, lane: str, *, caller: int, key: str | None = None,
    service: str = "wash",
) -> Row:  # fmt: skip
    """Hold a slot by its name, as reserve-atomic does."""
    command = ReserveAtomic(
        slotId=slot_id(lane, start), phone=phone(caller), serviceId=service,
        callId=f"call-{caller}",
    )  # fmt: skip
    found: Row = world.do(lambda seen: reserve_atomic(command, seen), key).body["hold"]
    return found


def send(world: World, hold: str, key: str | None = None) -> Row:
    """A code goes to the hold's number."""
    world.do(lambda seen: send_otp(SendOtp(holdId=hold), seen), key)
    return {"id": hold}


def code_of(world: World, hold: str) -> Row | None:
    """What is kept of the hold's code."""
    rows = world.db.rows(codes.TABLE, world.org)
    return next((row for row in rows if row["id"] == hold), None)


def read_out(kept: Row | None, *, right: bool = True) -> str:
    """The code as its caller has it on the phone, or another one."""
    if kept is None:
        return "0000"
    digits = codes.code(kept, KEY)
    return digits if right else f"{(int(digits) + 1) % 10_000:04}"


def prove(world: World, hold: str, code: str, key: str | None = None) -> Row | None:
    """Book the hold with a code: the appointment, or None where it was another one."""
    command = VerifyOtp(holdId=hold, code=code)
    found: Row | None = world.do(lambda seen: verify_otp(command, seen), key).body.get(
        "appointment"
    )
    return found
