"""The cron route: who has the secret is answered with what came of it, dry and real."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger

from closedloop import wiring
from closedloop.square.handlers.cron import Cron
from tests.square.world import TEN, World
from tests.support.wire import wire
from tools.events import cron, http

if TYPE_CHECKING:
    from tests.support.database import Database

SECRET = "s3cret-with-ünïcode"
FIELDS = {
    "scanned", "created", "updated", "skipped", "conflicts", "errors", "durationMs", "dryRun",
    "window",
}  # fmt: skip


@pytest.fixture
def world(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """A garage, connected; the stack's secret is known."""
    kept = SimpleNamespace(read=lambda: {"secret": SECRET})
    monkeypatch.setattr(wiring, "secret", lambda _: kept)
    monkeypatch.setattr("closedloop.square.handlers.window.AT_ONCE", 1)
    made = World(db, org).by_its_clock(monkeypatch).open(resources=[])
    made.seller.named("var-1", "Wash")
    return made


def ask(
    world: World,
    method: str = "GET",
    *,
    bearer: str | None = SECRET,
    **query: str,
) -> tuple[int, dict[str, Any]]:
    """Status and body of one request for this world's org."""
    envelope: dict[str, Any] = {
        "headers": {},
        "requestContext": {"requestId": "r1", "http": {}},
        "isBase64Encoded": False,
    }
    named = {name.rstrip("_"): text for name, text in query.items()}
    event = cron(
        envelope,
        f"{method} /api/cron/reconcile",
        query={"org": world.org, **named},
        token=bearer,
    )
    answer = Cron("cron_reconcile")(event)
    return answer["statusCode"], json.loads(answer["body"])


@pytest.mark.parametrize("token", [None, "", "wrong", SECRET[:-1], SECRET + "x", "\ud800"])
def test_without_the_secret(world: World, token: str | None) -> None:
    """401, and nothing of the request is looked at: neither its org nor its dates."""
    status, body = ask(world, bearer=token, from_="nonsense")
    assert (status, body["code"]) == (401, "UNAUTHORIZED")
    assert ask(world, bearer=token)[0] == 401
    assert world.seller.calls == {}


def test_a_stack_without_a_secret_is_closed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty secret is nobody's."""
    monkeypatch.setattr(wiring, "secret", lambda _: SimpleNamespace(read=dict))
    assert ask(world, bearer="")[0] == 401
    assert ask(world, bearer=None, token="")[0] == 401


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_missed_webhook_is_healed_by_hand(world: World, method: str) -> None:
    """With the bearer token or the parameter; the answer has these fields and no other."""
    world.seller.book("b1", TEN)
    status, body = ask(world, method)
    assert (status, body["success"]) == (200, True)
    assert body["data"].keys() == FIELDS
    assert (body["data"]["created"], body["data"]["errors"]) == (1, [])
    assert body["data"]["window"] == {"from": "2026-05-25T00:00:00Z", "to": "2026-08-26T00:00:00Z"}
    assert world.job("b1")["createdBy"] == "reconciliation"
    status, body = ask(world, method, bearer=None, token=SECRET)
    assert (status, body["data"]["skipped"], body["data"]["created"]) == (200, 1, 0)
    assert [each["trigger"] for each in world.runs()] == ["cron"]


def test_the_parameters_may_come_as_json(world: World) -> None:
    """A POST with a body, as programs like it."""
    world.seller.book("b1", TEN)
    event = http(
        {
            "headers": {},
            "requestContext": {
                "requestId": "r1", "http": {}, "authorizer": {"jwt": {"claims": {}}},
            },
            "isBase64Encoded": False,
        },
        "POST /api/cron/reconcile",
        body={"org": world.org, "dryRun": True, "token": SECRET},
        key=None,
    )  # fmt: skip
    body = json.loads(Cron("cron_reconcile")(event)["body"])
    assert (body["data"]["dryRun"], body["data"]["created"]) == (True, 1)


@pytest.mark.parametrize(
    "query",
    [
        {"dryRun": "perhaps"},
        {"from_": "yesterday"},
        {"from_": "2026-06-02T00:00:00Z", "to": "2026-06-01T00:00:00Z"},
        {"from_": "1970-01-01T00:00:00Z", "to": "2199-01-01T00:00:00Z"},
        {"org": "not an org!"},
        {"plan": "x"},
        {"plan": "0" * 32, "dryRun": "true"},
        {"unheard_of": "1"},
    ],
)
def test_parameters_that_do_not_fit(world: World, query: dict[str, str]) -> None:
    """400 that says where, never a fault; nothing was read."""
    status, body = ask(world, **query)
    assert (status, body["code"]) == (400, "VALIDATION_FAILED")
    assert body["fields"]
    assert world.seller.calls == {}


def test_a_business_that_is_not_connected(world: World) -> None:
    """404, as for one that there is not."""
    assert ask(world, org="org-nobody")[0] == 404
    world.db.put(world.org, {"orgs": [{"id": "square", "state": "disconnected"}]})
    assert ask(world)[0] == 404


def test_a_dry_run_writes_nothing(world: World) -> None:
    """No job, no run, no lease, no entry; what it would do is listed row by row."""
    world.seller.book("b1", TEN)
    world.seller.book("b2", TEN)
    world.hear(world.seller.edit("b2", customer_note="old"))
    world.seller.edit("b2", customer_note="new")
    before = (world.db.snapshot(world.org), world.db.audit(world.org))
    with wire() as watched:
        _, body = ask(world, dryRun="true")
    assert (world.db.snapshot(world.org), world.db.audit(world.org)) == before
    assert set(watched.requests) <= {"Query", "GetItem", "BatchGetItem"}
    data = body["data"]
    assert (data["dryRun"], data["created"], data["updated"]) == (True, 1, 1)
    one, two = data["plan"]["rows"]
    assert (one["org"], one["id"], one["action"]) == (world.org, "b1", "create")
    assert two["changes"]["customer_note"] == {"before": "old", "after": "new"}


def test_a_dry_run_sees_who_has_the_place(world: World) -> None:
    """What a commit would find out by its conditions, the plan finds out by reading."""
    world.open(resources=[{"id": "bay", "name": "Bay", "capacity": 1}])
    world.hear(world.seller.book("b1", TEN))
    world.seller.book("b2", TEN)
    _, body = ask(world, dryRun="true")
    plan = {row["id"]: row["conflicts"] for row in body["data"]["plan"]["rows"]}
    assert plan["b2"] == ["place"]
    assert ask(world)[1]["data"]["conflicts"] == 1


def test_a_plan_that_was_looked_at_is_applied(world: World) -> None:
    """While it is the same; one change more and nothing is done."""
    world.seller.book("b1", TEN)
    plan = ask(world, dryRun="true")[1]["data"]["plan"]["hash"]
    assert ask(world, dryRun="true")[1]["data"]["plan"]["hash"] == plan
    world.later(minutes=3)
    world.seller.book("b2", TEN + timedelta(hours=3))
    status, body = ask(world, plan=plan)
    assert (status, body["code"]) == (409, "PLAN_CHANGED")
    assert "2 jobs" in body["error"]
    assert world.jobs() == []
    plan = ask(world, dryRun="true")[1]["data"]["plan"]["hash"]
    status, body = ask(world.later(minutes=1), plan=plan)
    assert (status, body["data"]["created"]) == (200, 2)


def test_only_one_run_at_a_time(world: World) -> None:
    """Another run of the org is going on: said so, and nothing is done. A lease lapses."""
    now = int(world.now.timestamp() * 1000)
    lease = {"id": "lease", "holder": "run#other", "until": now + 60_000}
    world.db.put(world.org, {"reconcile": [lease]})
    world.seller.book("b1", TEN)
    _, body = ask(world)
    assert [each["code"] for each in body["data"]["errors"]] == ["BUSY"]
    assert world.jobs() == []
    assert ask(world.later(minutes=1))[1]["data"]["created"] == 1


def test_what_takes_too_long_goes_on_by_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of it done, the answer says so, and the queue has the rest."""
    world.seller.book("b1", TEN)
    world.seller.book("b2", TEN + timedelta(days=40))
    monkeypatch.setattr("closedloop.square.handlers.cron._SECONDS", -1)
    _, body = ask(world)
    assert [each["code"] for each in body["data"]["errors"]] == ["CONTINUES"]
    world.work()
    assert [each["id"] for each in world.jobs()] == ["b1", "b2"]
    assert world.runs()[0]["status"] == "ok"


def test_the_token_is_in_no_log(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither of a good request nor of a bad one."""
    stream = StringIO()
    logger = Logger(service=f"test-{uuid4()}", stream=stream, location=None)
    monkeypatch.setattr("closedloop.edge.log._logger", lambda: logger)
    ask(world, bearer=None, token=SECRET, from_="nonsense")
    ask(world, bearer="another-token-zzz")
    said = stream.getvalue()
    assert said.count("cron_reconcile") >= 2
    assert "s3cret" not in said
    assert "another-token-zzz" not in said
