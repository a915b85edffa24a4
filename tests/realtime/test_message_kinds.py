"""A message that names a route of the gateway's own is a message, and does nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.realtime.support import opened, stored
from tests.support.actions import event_of, handlers

if TYPE_CHECKING:
    from tests.support.database import Database


@pytest.mark.parametrize(
    ("function", "scenario"),
    [("socket_disconnect", "closed"), ("socket_connect", "connected")],
)
def test_a_message_neither_opens_nor_ends_a_connection(
    db: Database, org: str, function: str, scenario: str
) -> None:
    """`{"action": "$disconnect"}` leaves the connection as it was, and is answered as unknown."""
    connection = opened(org, uuid4().hex, "leads")
    before = stored(db, connection)
    event = event_of(function, scenario)
    event["requestContext"] |= {"eventType": "MESSAGE", "connectionId": connection}
    event["body"] = json.dumps({"action": f"${function.partition('_')[2]}"})
    answer = handlers()[function](event)
    assert json.loads(answer["body"])["code"] == "UNKNOWN_ACTION"
    assert stored(db, connection) == before
