"""Runs of the reconciliation: asked for, under way, ended; and the button that asks for one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from typing_extensions import TypedDict

from closedloop.core.command import Command, Moment, RowId
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.errors import NotFoundError
from closedloop.core.rows import Row, gone, public
from closedloop.core.times import iso, microseconds, parse, to_second
from closedloop.core.writes import Change, Check, Create
from closedloop.square.events import CONNECTION
from closedloop.square.refusals import NotHeldError
from closedloop.square.report import Report
from closedloop.square.windows import Span

if TYPE_CHECKING:
    from closedloop.square.rows import ReconcileRun

TABLE = "reconcile"
PREFIX = "run#"
LEASE = "lease"
"""The row by which an org has one run at a time; it also says when one went well last."""

READY = "ready"
"""`outbox` of a run that is to be put into the queue: what the stream's filter looks for."""

MOST_TRIES = 5
"""How often one window is tried while Square does not answer or its cursors die."""

KEPT = timedelta(days=400)

Trigger = Literal["schedule", "cron", "staff"]
PlanHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


@dataclass(frozen=True, slots=True)
class Run:
    """One reconciliation of one org, as far as it has come.

    `since` is where the next window begins: everything before it is done. `tries` counts vain tries
    of that window. `plan` is the hash of a plan that was looked at: another one is not applied.
    """

    org_id: str
    id: str
    span: Span
    trigger: Trigger
    asked_at: datetime
    dry_run: bool = False
    released: bool = False
    plan: str | None = None
    since: datetime | None = None
    tries: int = 0
    milliseconds: int = 0
    version: int = 0
    report: Report = field(default_factory=Report)

    @classmethod
    def scheduled(cls, org_id: str, at: datetime) -> Run:
        """The run of the schedule's call at that time: the same however often it is asked for."""
        return cls(org_id, f"{PREFIX}{iso(at)}", Span.around(at), "schedule", at)

    @classmethod
    def stored(cls, row: Row) -> Run:
        """As its row keeps it."""
        return cls(
            row["org_id"],
            row["id"],
            Span.stored(row["span"]),
            row["trigger"],
            parse(row["created_at"]),
            row["dry_run"],
            row.get("released", False),
            row.get("plan"),
            parse(row["since"]) if "since" in row else None,
            row.get("tries", 0),
            row.get("duration_ms", 0),
            row["version"],
            Report.stored(row),
        )

    def moved(self, since: datetime, part: Report) -> Run:
        """With one window more behind it."""
        self.report.add(part)
        return replace(self, since=since, tries=0)

    def row(self, status: str, now: datetime, **more: Any) -> Row:
        """As it is kept; a state that is written later has a larger version."""
        return {
            "org_id": self.org_id,
            "id": self.id,
            "status": status,
            "trigger": self.trigger,
            "span": {"start": to_second(self.span.start), "end": to_second(self.span.end)},
            "dry_run": self.dry_run,
            "released": self.released or None,
            "plan": self.plan,
            "since": iso(self.since) if self.since else None,
            "tries": self.tries or None,
            "duration_ms": self.milliseconds,
            **self.report.fields,
            "version": max(microseconds(now), self.version + 1),
            "created_at": iso(self.asked_at),
            "updated_at": iso(now),
            "updated_by": {"id": "square", "email": ""},
            "expires_at": int((now + KEPT).timestamp()),
            **more,
        }


class StartReconcile(Command):
    """Start a reconciliation: of the time around now, or from `from` to `to`.

    `dryRun` writes nothing and keeps the plan with the run. `plan` is the hash of such a plan: if
    it is not the same any more, nothing is applied. `releaseRunId` names a run that was held back:
    its window is read again, and believed this once.
    """

    start: Annotated[Moment | None, Field(alias="from")] = None
    end: Annotated[Moment | None, Field(alias="to")] = None
    dryRun: bool = False  # noqa: N815 - the wire's own spelling
    plan: PlanHash | None = None
    releaseRunId: RowId | None = None  # noqa: N815

    @model_validator(mode="after")
    def _one_wish(self) -> Self:
        if self.releaseRunId is not None and (self.start or self.end or self.dryRun):
            raise ValueError("a release has the window of the run that it releases")
        if self.plan is not None and self.dryRun:
            raise ValueError("a plan is applied, not planned again")
        if self.start and self.end:
            Span.asked(self.start, self.end, self.start)
        return self


class RunStarted(TypedDict):
    """The run is on its way; `GET /api/reconcile/runs` shows how it goes."""

    run: ReconcileRun


def start(command: StartReconcile, context: Context) -> Decision[RunStarted]:
    """Ask for a run of the caller's org, once. It begins within seconds.

    Raises:
        NotFoundError: the business is not connected with Square, or has no such run to release.
        NotHeldError: that run is not held back, or was released before; carries the run.
    """
    wish = (TABLE, f"wish#{context.new_id('run')}")
    if known := context.seen.get(wish):
        return _as_before(known, context)
    asked = (PREFIX + command.releaseRunId) if command.releaseRunId else None
    rows = context.read(CONNECTION, *([(TABLE, asked)] if asked else []))
    connection, held = rows[0], rows[1] if asked else None
    if connection is None or connection.get("state") != "connected":
        raise NotFoundError("This business is not connected with Square.")
    writes: tuple[Change, ...] = ()
    if asked:
        held = context.need(TABLE, asked)
        writes = (_released(held, context),)
    made = _made(command, held, context)
    fields = {name: value for name, value in made.items() if value is not None}
    seen: Any = shown({**fields, "org_id": context.actor.org_id})
    kept = {name: fields[name] for name in fields if name not in {"org_id", "id", *_STAMPS}}
    create = Create(TABLE, made["id"], {**kept, "outbox": READY})
    # The run's id is its time; by this row a repeat finds it, also after the key's entry is gone.
    kept_until = {"asked_at": context.timestamp, "expires_at": made["expires_at"]}
    remembered = Create(*wish, kept_until)
    return Decision((create, remembered, *writes), Reply(RunStarted(run=seen)))


def _as_before(wish: Row, context: Context) -> Decision[RunStarted]:
    run = context.need(TABLE, _id(wish["asked_at"], context))
    check = Check(TABLE, run["id"], {"version": run["version"]})
    return Decision((check,), Reply(RunStarted(run=shown(run))))


_STAMPS = ("version", "created_at", "updated_at", "updated_by")


def _made(command: StartReconcile, held: Row | None, context: Context) -> Row:
    span = Span.asked(command.start, command.end, context.now)
    run = Run(
        context.actor.org_id,
        _id(context.timestamp, context),
        Span.stored(held["span"]) if held else span,
        "staff",
        context.now,
        dry_run=command.dryRun,
        released=held is not None,
        plan=command.plan,
    )
    actor = context.actor.author
    return {**run.row("queued", context.now, updated_by=actor), "version": context.version}


def _id(asked_at: str, context: Context) -> str:
    return f"{PREFIX}{asked_at}:{context.new_id('run')[:8]}"


def _released(held: Row, context: Context) -> Change:
    if gone(held) or held["status"] != "held":
        raise NotHeldError(run=shown(held))
    by = {"released_at": context.timestamp, "released_by": context.actor.id}
    return Change(TABLE, held["id"], {"status": "released", **by}, {"version": held["version"]})


def shown(row: Row) -> Any:
    """A run as answers carry it: its id without the prefix, its plan left to the single run."""
    hidden = {"rows", "tries", "more", "span", "strange"}
    window = Span.stored(row["span"]).fields
    seen = {name: value for name, value in public(row).items() if name not in hidden}
    return seen | {"id": str(row["id"]).removeprefix(PREFIX), "window": window}
