"""Reads: which view answers, and who is shown anything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from closedloop import wiring
from closedloop.core.query import Question
from closedloop.edge.reads import ReadApi, api

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads
    from tests.support.database import Database


class Named(Question):
    """A question of these tests."""

    name: str


def view(question: Named, actor: Actor, reads: Reads, now: datetime) -> dict[str, Any]:
    """Tell what was asked, and by whom, and whether the lead is there."""
    lead = reads.get("leads", actor.org_id, "l1")
    return {"name": question.name, "org": actor.org_id, "found": bool(lead), "year": now.year}


def made() -> ReadApi:
    """A function of one view."""
    return api({"GET /x": (Named, view)})


def asked(org: str, route: str = "GET /x", groups: str = "[staff]", name: str = "Ana") -> Any:
    """The status, and the body, of a read."""
    claims = {"sub": "alice", "custom:org_id": org, "cognito:groups": groups}
    about = {"requestId": "r1", "authorizer": {"jwt": {"claims": claims}}}
    event = {"routeKey": route, "requestContext": about, "queryStringParameters": {"name": name}}
    answer = made()(event)
    return answer["statusCode"], json.loads(answer["body"])


def test_a_view_answers_its_route(db: Database, org: str) -> None:
    """With the question, for the token's org, from the database as it is."""
    db.put(org, {"leads": [{"id": "l1"}]})
    status, body = asked(org)
    assert (status, body.pop("year") >= 2026) == (200, True)
    assert body == {"success": True, "name": "Ana", "org": org, "found": True}
    assert asked(f"{org}-other")[1]["found"] is False


@pytest.mark.parametrize(
    ("route", "groups", "status"),
    [("GET /y", "[staff]", 404), ("GET /x", "[]", 403), ("GET /x", "[guest]", 403)],
)
def test_nothing_is_shown_otherwise(
    db: Database, org: str, route: str, groups: str, status: int
) -> None:
    """A route that has no view, or somebody without a role."""
    assert db.client
    assert asked(org, route, groups)[0] == status


@pytest.mark.parametrize("name", [None, "read_api"])
def test_a_sandbox_is_ready_before_its_first_read(
    db: Database, monkeypatch: pytest.MonkeyPatch, name: str | None
) -> None:
    """In Lambda the reading side is built while the function loads; elsewhere nothing is."""
    assert db.client
    monkeypatch.delenv("AWS_LAMBDA_FUNCTION_NAME", raising=False)
    if name:
        monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", name)
    wiring.forget()
    made()
    assert wiring.reads.cache_info().currsize == int(bool(name))
