"""The demo's jobs are as a reconciliation leaves them: the first one finds nothing to do."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from closedloop import wiring
from closedloop.square import wiring as sellers
from closedloop.square.handlers.cron import Cron
from closedloop.square.handlers.listing import Notes
from closedloop.square.handlers.window import Window
from closedloop.square.windows import Span
from local.demo.orgs import DETAILER
from local.demo.rows import demo_rows
from local.demo.square import MERCHANT, records
from tests.support.square import selling
from tools.events import cron

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.demo.rows import Rows
    from tests.support.database import Database

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
MIDNIGHT = NOW.replace(hour=6, minute=0)
"""In Chicago: all work of the day is still to come, and takes its places."""
SECRET = "s3cret"


@pytest.fixture(params=[NOW, MIDNIGHT], ids=str)
def fresh(
    request: pytest.FixtureRequest, db: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Rows]:
    """The auto detailer as the seed writes it, under this test's id, and its seller at Square."""
    now: datetime = request.param
    made = demo_rows(now)
    ours = {
        name: [row for row in rows if row["org_id"] == DETAILER.id] for name, rows in made.items()
    }
    connection = next(row for row in ours["orgs"] if row["id"] == "square")
    connection["merchant_id"] = f"{MERCHANT}-{org}"
    db.put(org, {name: [{**row, "org_id": org} for row in rows] for name, rows in ours.items()})
    monkeypatch.setattr(wiring, "now", lambda: now)
    monkeypatch.setattr(
        wiring, "secret", lambda _: SimpleNamespace(read=lambda: {"secret": SECRET})
    )
    with selling() as square:
        square.vendor.clock.ahead = (now - datetime.now(UTC)).total_seconds()
        square.vendor.reset(records(made))
        monkeypatch.setattr("closedloop.square.wiring.square", lambda _: square.client())
        yield ours


def test_the_first_dry_run_finds_nothing_to_do(fresh: Rows, org: str) -> None:
    """Every job of the window is compared, and none is read."""
    envelope = {"headers": {}, "requestContext": {"requestId": "r", "http": {}}}
    asked = {"org": org, "dryRun": "true"}
    event = cron(envelope, "GET /api/cron/reconcile", query=asked, token=SECRET)
    found = json.loads(Cron("cron_reconcile")(event)["body"])["data"]
    assert (found["scanned"], found["skipped"]) == (len(fresh["jobs"]), len(fresh["jobs"]))
    assert (found["created"], found["updated"], found["conflicts"]) == (0, 0, 0)
    assert (found["errors"], found["plan"]["rows"]) == ([], [])


def test_reading_every_booking_anew_changes_nothing(
    fresh: Rows, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fields, customers and places in the calendar are those that the rules would write."""
    monkeypatch.setattr("closedloop.square.handlers.window.AT_ONCE", 1)
    span = Span(NOW - timedelta(days=30), NOW + timedelta(days=30))
    window = Window(org, sellers.square(org), span, Notes(Counter()), time.monotonic() + 60)
    report = window.read_ids([row["id"] for row in fresh["jobs"]]).plan()
    assert (report.rows, report.errors, report.conflicts) == ([], [], 0)
    assert report.skipped == len(fresh["jobs"])
