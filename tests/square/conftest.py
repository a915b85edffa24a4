"""What several tests of Square share."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from aws_lambda_powertools import Logger

from closedloop import wiring
from closedloop.edge import log
from tests.bookings.support import settings
from tests.square.town import Town
from tests.square.world import World
from tools.events import SQUARE_KEY, SQUARE_URL

if TYPE_CHECKING:
    from tests.support.database import Database


@pytest.fixture
def town(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A garage, connected."""
    written = StringIO()
    logger = Logger(level="INFO", location=None, stream=written, service=org)
    monkeypatch.setattr(log, "_logger", lambda: logger)
    monkeypatch.setenv("SQUARE_NOTIFICATION_URL", SQUARE_URL)
    monkeypatch.setattr(
        "closedloop.square.wiring.application", lambda: {"signature_key": SQUARE_KEY}
    )
    connection = {
        "id": "square", "merchant_id": f"merchant-{org}", "state": "connected",
        "work": "square", "work_at": "2026-05-01T00:00:00.000Z",
    }  # fmt: skip
    db.put(org, {"orgs": [settings(), connection]})
    wiring.forget_rows()
    made = Town(db, org, written)
    monkeypatch.setattr("closedloop.square.wiring.queue", lambda: made)
    return made


@pytest.fixture
def world(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """A garage with six bays, connected; its seller offers a wash."""
    bays = [{"id": "bay", "name": "Bay", "capacity": 6}]
    made = World(db, org).by_its_clock(monkeypatch).open(resources=bays)
    monkeypatch.setattr("closedloop.square.handlers.window.AT_ONCE", 1)
    made.seller.named("var-1", "Wash", price_cents=4000)
    return made


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the client has waited; nobody waits for it."""
    waited: list[float] = []
    monkeypatch.setattr("closedloop.square.clients.calls._sleep", waited.append)
    return waited
