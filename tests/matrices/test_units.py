"""What a press writes, in DynamoDB's units, with ids and texts of a real business's size."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from bench.units import read_units, size, stored_of, write_units
from bench.wire import recorded
from closedloop import wiring
from closedloop.dynamo.codec import item
from tests.support.actions import ActionCase, handlers

if TYPE_CHECKING:
    from tests.support.database import Database

ORG = str(uuid5(UUID(int=0), "org"))
USER = str(uuid5(UUID(int=0), "user"))
APPOINTMENT = str(uuid5(UUID(int=0), "appointment"))
CONFIRM = ActionCase("confirm_booking", handlers()["confirm_booking"])

KB = 1024

DEARER = {
    "call_back": 6,
    "reserve_atomic": 20,
    "send_contact_sms": 8,
    "send_lead_sms": 8,
    "update_settings": 6,
}
"""Write units of a replay that does not say that it is one, where these are more than four: two for
each KB of what the refused transaction would have written (docs/decisions/0009 says why they stay).
"""


def confirmed(db: Database, org: str) -> tuple[int, int]:
    """The write units of one confirmed booking, and of its replay."""
    (row,) = [each for each in CONFIRM.rows["appointments"] if each["id"] == "apt_pending"]
    db.put(org, {"appointments": [row | {"id": APPOINTMENT}]})
    press = CONFIRM.press(org).by(USER, org).body(f'{{"appointmentId": "{APPOINTMENT}"}}')
    units = []
    for _ in range(2):
        before = stored_of(db.client, org)
        with recorded(wiring.dynamodb()) as sent:
            assert press.sent_to(CONFIRM).status == 200
        units.append(write_units(sent, before, stored_of(db.client, org)))
    return units[0], units[1]


def test_a_confirmed_booking_is_six_units_and_a_replay_four(db: Database) -> None:
    """Two for the row, two for the entry, one for each of its indexes; a replay writes no index."""
    assert confirmed(db, ORG) == (6, 4)


def test_its_entry_is_under_a_kilobyte(db: Database) -> None:
    """Else every press would cost two units more."""
    org = f"{ORG[:-4]}ffff"
    confirmed(db, org)
    (entry,) = db.rows("journal", org)
    assert KB / 2 < size(item(entry)) < KB


def test_a_replay_is_at_most_four_units(case: ActionCase, ready: Database, org: str) -> None:
    """With `X-Attempt`, as our clients send it, one unit of reading; without, those in DEARER."""
    press = case.press(org)
    assert press.sent_to(case).status == 200
    kept = stored_of(ready.client, org)
    for repeat, written in ((press, DEARER.get(case.name, 4)), (press.header("x-attempt", "2"), 0)):
        with recorded(wiring.dynamodb()) as sent:
            assert repeat.sent_to(case).replayed
        assert write_units(sent, kept, kept) <= written
        assert read_units(sent) <= (4 if written else 1)
