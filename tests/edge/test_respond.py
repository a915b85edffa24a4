"""Every way in which a request ends: its answer, and the line about it."""

from __future__ import annotations

import json
from io import StringIO
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger

from closedloop.core.decision import Reply
from closedloop.core.errors import (
    InternalError,
    NotFoundError,
    RateLimitedError,
    ServiceUnavailableError,
)
from closedloop.edge import respond
from closedloop.edge.respond import Outcome

if TYPE_CHECKING:
    from closedloop.edge.request import Request

CLAIMS = {"sub": "alice", "custom:org_id": "demo", "email": "a@example.com"}
EVENT = {
    "routeKey": "POST /x",
    "requestContext": {"requestId": "r1", "authorizer": {"jwt": {"claims": CLAIMS}}},
    "headers": {"authorization": "Bearer secret"},
    "body": "a word",
}


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What is written to the log; each request takes 12.3456 milliseconds."""
    lines = StringIO()
    logger = Logger(service=f"test-{uuid4()}", stream=lines, location=None)
    monkeypatch.setattr("closedloop.edge.log._logger", lambda: logger)
    clock = SimpleNamespace(perf_counter=iter([10.0, 10.0123456]).__next__)
    monkeypatch.setattr("closedloop.edge.respond.time", clock)
    return lines


def ended(logged: StringIO, how: Outcome | Exception) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answer to a request that ends so, and the last line of the log."""

    def answer(_: Request) -> Outcome:
        if isinstance(how, Exception):
            raise how
        return how

    response = respond.respond("act", EVENT, answer)
    return response, json.loads(logged.getvalue().splitlines()[-1])


@pytest.mark.parametrize(
    ("outcome", "more", "word"),
    [
        (Outcome(200, "{}"), {}, "Done"),
        (Outcome(207, "{}", replayed=True), {"Idempotent-Replayed": "true"}, "Replayed"),
        (Outcome(503, "{}", retry_after=30), {"Retry-After": "30"}, "Done"),
        (Outcome(200, "{}", retry_after=0), {"Retry-After": "0"}, "Done"),
    ],
)
def test_an_outcome_is_answered(
    logged: StringIO, outcome: Outcome, more: dict[str, str], word: str
) -> None:
    """Its own bytes, never kept by a cache; the line names who asked and how long it took."""
    response, line = ended(logged, outcome)
    assert response == {
        "statusCode": outcome.status,
        "headers": {
            "Content-Type": "application/json", "Cache-Control": "no-store", "X-Request-Id": "r1",
            **more,
        },
        "body": "{}",
    }  # fmt: skip
    assert (line["message"], line["action"], line[word]) == (word, "act", [1.0])
    assert (line["request_id"], line["route"]) == ("r1", "POST /x")
    assert (line["org_id"], line["actor"], line["status"]) == ("demo", "alice", outcome.status)
    assert line["Duration"] == [12.346]
    assert "secret" not in logged.getvalue()


@pytest.mark.parametrize(
    ("refusal", "retry_after", "word"),
    [
        (NotFoundError(), None, "Refused"),
        (RateLimitedError.until(40, "Wait a moment."), "40", "Refused"),
        (InternalError(), None, "Failed"),
        (ServiceUnavailableError(), "1", "Failed"),
    ],
)
def test_a_refusal_is_answered(
    logged: StringIO, refusal: Any, retry_after: str | None, word: str
) -> None:
    """Sentence, code and request for the caller; a fault of ours is told apart in the log."""
    response, line = ended(logged, refusal)
    assert response["statusCode"] == refusal.status
    assert response["headers"].get("Retry-After") == retry_after
    assert json.loads(response["body"]) == {
        "success": False, "error": str(refusal), "code": refusal.code, "request_id": "r1",
    }  # fmt: skip
    assert (line["message"], line["code"], line["status"]) == (word, refusal.code, refusal.status)


def test_a_refusal_carries_what_it_names(logged: StringIO) -> None:
    """The row as it is, beside the sentence."""
    response, _ = ended(logged, NotFoundError("Gone.", lead={"id": "l1"}))
    body = json.loads(response["body"])
    assert (body["error"], body["lead"]) == ("Gone.", {"id": "l1"})


def test_a_fault_says_nothing_to_the_caller(logged: StringIO) -> None:
    """A 500 with its request; the log knows the kind of error and not its words."""
    response, line = ended(logged, KeyError("+13125550100"))
    assert (response["statusCode"], json.loads(response["body"])["code"]) == (500, "INTERNAL")
    assert line["message"] == "Failed"
    assert "KeyError" in logged.getvalue()
    assert "+13125550100" not in logged.getvalue() + response["body"]


@pytest.mark.parametrize("retry_after", [None, 0, 300])
def test_a_reply_is_kept_and_given_again(retry_after: int | None) -> None:
    """The very bytes, compact and in the letters of the text, with the time to come back."""
    reply = Reply({"name": "Zoë"}, status=503, success=False, retry_after=retry_after)
    kept = respond.answered(reply)
    assert kept["body"] == '{"success":false,"name":"Zoë"}'
    assert ("retry_after" in kept) == (retry_after is not None)
    again = respond.replayed({**kept, "id": "x", "hash": b"y"})
    assert again == Outcome(503, kept["body"], retry_after, replayed=True)
