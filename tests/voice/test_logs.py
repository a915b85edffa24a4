"""What the functions of the voice agent write to their log: that it was done, and no more."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger

from tests.voice.world import PHONE

if TYPE_CHECKING:
    from tests.voice.world import World


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What the functions write to their log."""
    lines = StringIO()
    logger = Logger(service=f"test-{uuid4()}", stream=lines, location=None)
    monkeypatch.setattr("closedloop.edge.log._logger", lambda: logger)
    return lines


def test_a_whole_call_leaves_no_number_code_name_or_secret(world: World, logged: StringIO) -> None:
    """From the hold to the text, refusals and faults of the platform included."""
    call = world.call()
    hold = call.hold(name="Ana Ortiz")
    call.ask("send-otp", holdId=hold)
    code = world.code()
    call.ask("verify-otp", holdId=hold, code="banana")
    call.ask("verify-otp", holdId=hold, code=code)
    call.ask("send-confirmation", appointmentId=hold)
    world.post({"message": {"type": "transcript", "transcript": f"my code is {code}"}})
    world.post({"date": PHONE})
    written = logged.getvalue()
    assert written.count('"actor":"voice"') == 7
    for secret in (
        PHONE,
        PHONE[-7:],
        "Ana",
        "Ortiz",
        f"secret-of-{world.org}",
        "banana",
        "my code",
    ):
        assert secret not in written
    assert f'"{code}' not in written
    assert f" {code}" not in written
