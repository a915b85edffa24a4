"""Answers of the HTTP API.

A refusal becomes its status and code; anything unforeseen becomes a 500 that says nothing.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from closedloop.core import deadline
from closedloop.core.errors import ClosedLoopError, InternalError
from closedloop.edge import log
from closedloop.edge.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from closedloop.core.decision import Reply
    from closedloop.core.rows import Row

Response = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer: status and JSON text, and whether it was kept from an earlier request."""

    status: int
    body: str
    retry_after: int | None = None
    replayed: bool = False


def dump(body: Any) -> str:
    """JSON as the API answers it: compact, and the same bytes for the same value."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def answered(reply: Reply) -> Row:
    """A reply as its entry keeps it: the very bytes of the body."""
    kept = {"status": reply.status, "body": dump({"success": reply.success, **reply.body})}
    return kept if reply.retry_after is None else kept | {"retry_after": reply.retry_after}


def replayed(entry: Row) -> Outcome:
    """The reply that an entry keeps."""
    return Outcome(entry["status"], entry["body"], entry.get("retry_after"), replayed=True)


def respond(
    name: str,
    event: Mapping[str, Any],
    answer: Callable[[Request], Outcome],
    notes: Mapping[str, Any] | None = None,
) -> Response:
    """Answer one request in time, whatever happens, and write one line about it.

    `notes` are facts that the line is to say besides; `answer` may add to them.
    """
    started = time.perf_counter()
    request = Request.read(event)
    facts: dict[str, Any] = {"request_id": request.request_id, "route": request.route}
    try:
        with deadline.shared():
            outcome = answer(request)
        response = _response(request, outcome)
        ended = "Replayed" if outcome.replayed else "Done"
    except ClosedLoopError as refusal:
        response = _refusal(request, refusal)
        ended = "Refused" if refusal.status < InternalError.status else "Failed"
        facts["code"] = refusal.code
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one record, the others go out
        log.fault(name, error, request_id=request.request_id)
        response = _refusal(request, InternalError())
        ended = "Failed"
    spent = (time.perf_counter() - started) * 1000
    who = {"org_id": request.claims.get("custom:org_id"), "actor": request.claims.get("sub")}
    log.invocation(
        name,
        ended,
        milliseconds=round(spent, 3),
        status=response["statusCode"],
        **{**who, **facts, **(notes or {})},
    )
    return response


def _response(request: Request, outcome: Outcome, **headers: str) -> Response:
    if outcome.replayed:
        headers["Idempotent-Replayed"] = "true"
    if outcome.retry_after is not None:
        headers["Retry-After"] = str(outcome.retry_after)
    return {
        "statusCode": outcome.status,
        "headers": {
            "Content-Type": "application/json",
            "Cache-Control": "no-store",
            "X-Request-Id": request.request_id,
            **headers,
        },
        "body": outcome.body,
    }


def _refusal(request: Request, refusal: ClosedLoopError) -> Response:
    body = {
        "success": False,
        "error": str(refusal),
        "code": refusal.code,
        "request_id": request.request_id,
        **refusal.body,
    }
    return _response(request, Outcome(refusal.status, dump(body), refusal.retry_after))
