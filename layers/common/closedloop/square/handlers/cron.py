"""GET and POST /api/cron/reconcile: a run by hand, answered with what came of it."""

from __future__ import annotations

import hmac
import time
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, StringConstraints

from closedloop import wiring
from closedloop.core.command import Moment
from closedloop.core.errors import NotFoundError, UnauthorizedError, ValidationFailedError
from closedloop.core.query import Question
from closedloop.core.times import iso
from closedloop.edge import request as incoming
from closedloop.edge.respond import Outcome, Response, dump, respond
from closedloop.square.compare import plan_hash
from closedloop.square.events import CONNECTION
from closedloop.square.handlers.leading import lease_and_go
from closedloop.square.handlers.listing import Notes
from closedloop.square.handlers.run import Conductor, Ended
from closedloop.square.handlers.schedule import connected
from closedloop.square.refusals import PlanChangedError
from closedloop.square.report import Report
from closedloop.square.runs import PREFIX, PlanHash, Run
from closedloop.square.windows import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from closedloop.core.rows import Row
    from closedloop.edge.request import Request

_SECONDS = 18
"""How long it works before it hands the rest to the queue; the gateway waits for 30."""

_LEASE_SECONDS = 60
_MOST_ROWS = 500

OrgId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class CronReconcile(Question):
    """Which orgs (all that are connected), which time (that around now), and whether to write."""

    dryRun: bool = False  # noqa: N815 - the wire's own spelling
    start: Annotated[Moment | None, Field(alias="from")] = None
    end: Annotated[Moment | None, Field(alias="to")] = None
    org: OrgId | None = None
    plan: PlanHash | None = None


class Cron:
    """The function of the route: for whoever has the secret, and for nobody signed in."""

    def __init__(self, name: str) -> None:
        self.name = name
        if wiring.in_lambda():
            wiring.store()

    def __call__(self, event: Mapping[str, Any], _: object = None) -> Response:
        """Answer one request."""
        return respond(self.name, event, self._answer)

    def _answer(self, request: Request) -> Outcome:
        asked = _parameters(request)
        _authorise(request, asked.pop("token", ""))
        question = incoming.validated(CronReconcile, asked)
        span = _span(question)
        began = time.monotonic()
        runs = _run_all(question, span, began + _SECONDS)
        return Outcome(200, dump({"success": True, "data": _data(question, span, runs, began)}))


def _parameters(request: Request) -> dict[str, Any]:
    """Of the query, and of a JSON body where one came with a POST."""
    if request.route.startswith("POST ") and request.body:
        return {**incoming.json_body(request), **request.query}
    return dict(request.query)


def _authorise(request: Request, token: str) -> None:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    given = bearer.strip() if scheme.lower() == "bearer" else token
    wanted = str(wiring.secret("CRON_SECRET_ARN").read().get("secret", ""))
    # Digests are of one length: how long the comparison takes tells nothing of the secret.
    ours, theirs = (sha256(str(each).encode(errors="replace")).digest() for each in (wanted, given))
    if not wanted or not hmac.compare_digest(ours, theirs):
        raise UnauthorizedError("The secret is missing or wrong.")


def _span(question: CronReconcile) -> Span:
    if question.plan and (question.dryRun or question.org is None):
        raise ValidationFailedError.at("plan", "A plan is applied to its own org, and not dry.")
    try:
        return Span.asked(question.start, question.end, wiring.now())
    except (ValueError, OverflowError):
        sentence = "The end must be after the start, and within twenty years of it."
        raise ValidationFailedError.at("to", sentence) from None


def _run_all(question: CronReconcile, span: Span, until: float) -> list[Run]:
    orgs = [question.org] if question.org else connected(wiring.now())
    return [_run(org_id, question, span, until) for org_id in orgs]


def _run(org_id: str, question: CronReconcile, span: Span, until: float) -> Run:
    table, row_id = CONNECTION
    connection = wiring.reads().get(table, org_id, row_id)
    if (connection or {}).get("state") != "connected":
        raise NotFoundError("There is no such business, or it is not connected with Square.")
    now = wiring.now()
    run = Run(
        org_id, f"{PREFIX}{iso(now)}:cron", span, "cron", now,
        dry_run=question.dryRun, plan=question.plan,
    )  # fmt: skip
    conductor = Conductor(run, Notes(Counter()), until)
    if question.dryRun:
        conductor.go()  # nothing is written: no run and no lease either
        return conductor.run
    if not lease_and_go(conductor, connection, _LEASE_SECONDS):
        run.report.wrong("BUSY", "Another run of this business is going on.", org=org_id)
        return run
    errors = conductor.run.report.errors
    if run.plan and errors and errors[-1]["code"] == PlanChangedError.code:
        raise PlanChangedError(str(errors[-1]["error"]))
    if conductor.left_behind:
        conductor.run.report.wrong("NOT_FINISHED", "Ask again for the rest.", org=org_id)
    elif conductor.ended is Ended.RUNNING:
        conductor.run.report.wrong("CONTINUES", "The rest goes on by itself.", org=org_id)
    return conductor.run


def _data(question: CronReconcile, span: Span, runs: Sequence[Run], began: float) -> dict[str, Any]:
    whole = Report()
    for run in runs:
        rows: list[Row] = [{"org": run.org_id, **each} for each in run.report.rows]
        run.report.rows = rows
        whole.add(run.report)
    milliseconds = round((time.monotonic() - began) * 1000)
    data = whole.answer(span, milliseconds, dry_run=question.dryRun)
    if question.dryRun:
        data["plan"] = _plan(whole.rows)
    return data


def _plan(rows: list[Row]) -> dict[str, Any]:
    """Row by row what it would do. The hash is good for one org, which is given back with it."""
    bare = [{name: each[name] for name in each if name != "org"} for each in rows]
    shown = rows[:_MOST_ROWS]
    return {"hash": plan_hash(bare), "rows": shown, "truncated": len(shown) < len(rows)}
