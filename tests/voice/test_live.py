"""Live: other screens see what the agent does as it does it, and never a code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.realtime.conftest import gateway as gateway  # noqa: PLC0414 - the fixture
from tests.realtime.support import broadcast, opened, record

if TYPE_CHECKING:
    from tests.realtime.gateway import Gateway
    from tests.voice.world import World

TABLES = ("appointment_holds", "appointments", "contacts", "sms_logs")


def test_holds_and_visits_reach_other_screens(world: World, gateway: Gateway) -> None:
    """A hold with its end, the text of its code with covered digits, the visit and its contact."""
    screen = opened(world.org, f"{world.org}-1", *TABLES)
    call = world.call()
    call.proved(name="Ana Ortiz")
    records = [
        record(world.org, table, None, row)
        for table in TABLES
        for row in world.db.rows(table, world.org)
        if not row["id"].startswith(("cell#", "call#", "phone#"))  # the template's filter
    ]
    assert broadcast(*records) == []
    events = gateway.told[screen]
    by_table = {each["table"]: each["record"] for each in events}
    assert set(by_table) == set(TABLES)
    assert by_table["appointment_holds"]["held_until"].endswith("Z")
    assert by_table["appointments"]["status"] == "confirmed"
    assert by_table["sms_logs"]["message"].startswith("**** is your code")
    (code,) = world.db.rows("codes", world.org)
    assert code["nonce"] not in json.dumps(events)
    sent = world.twilio.accepted[0].body[:4]
    assert f'"{sent}' not in json.dumps(events)
