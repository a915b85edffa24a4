"""What becomes of a text after Twilio has it: what Twilio reports moves it on.

Reports come late, twice and in any order. A status never moves backwards, so a report that says
nothing new writes nothing, and no list of seen reports is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from closedloop.core.decision import Context, Decision, Find
from closedloop.core.writes import ABSENT, Change, OneOf
from closedloop.texts import consent, model
from closedloop.texts.twilio_codes import Rejected, before, ours, reason
from closedloop.texts.verdict import Verdict, decided, nothing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.core.rows import Row

AGAIN = timedelta(minutes=2)
UNHURRIED = timedelta(minutes=15)

NOT_ACCEPTED = "NOT_ACCEPTED"

BY_VENDOR_ID = "by_vendor_id"
"""Under this and a sid a rule asks for the `ids` of the texts that have it."""


@dataclass(frozen=True, slots=True)
class Report:
    """Twilio's report on one attempt of one text.

    A status callback names its text. A report from a look-up (`inferred`) is matched by
    body and time of the call.
    """

    org_id: str
    id: str
    attempt: int
    sid: str
    status: str
    error_code: int | None = None
    inferred: bool = False


def reported(report: Report, context: Context) -> Decision:
    """Move the text to the status that Twilio reports, unless a later status is stored."""
    status = ours(report.status)
    if status is None:
        return nothing(Verdict.KNOWN)
    if (model.TABLE, report.id) not in context.seen:
        if _says_stop(report):
            context.know((model.TABLE, report.id))
        return _moved(report, context, status, {"vendor_id": report.sid})
    row = context.seen[model.TABLE, report.id]
    if (
        row is None
        or row["attempt"] != report.attempt
        or row.get("vendor_id", report.sid) != report.sid
    ):
        return nothing(Verdict.STRANGER)
    if "vendor_id" not in row:
        return _linked(report, context, status, row)
    if row["status"] not in before(status):
        return nothing(Verdict.KNOWN)
    return _moved(report, context, status, {"vendor_id": report.sid})


def _linked(report: Report, context: Context, status: str, row: Row) -> Decision:
    """Link a report whose SID the worker has not stored, or not yet."""
    taken_for_lost = row.get("error", {}).get("code") == NOT_ACCEPTED
    if row["status"] not in {"pending", "sending", "unknown"} and not taken_for_lost:
        return nothing(Verdict.STRANGER)
    moved = _moved(report, context, status, {"vendor_id": ABSENT}, (str(row["status"]),))
    return replace(moved, writes=(*moved.writes, *_mistaken(report, context)))


def _mistaken(report: Report, context: Context) -> tuple[Change, ...]:
    """Undo a look-up that matched the wrong text: mark that text unknown again."""
    if report.inferred:
        return ()
    of_sid = Find(model.TABLE, "by_vendor_id", key=("vendor_id", report.sid), limit=10)
    holders = [str(each["id"]) for each in context.find(of_sid)]
    again = {
        "status": "unknown",
        "attention": context.timestamp,
        "lookups": 0,
        **dict.fromkeys(("vendor_id", "vendor_status", "sent_at", "delivered_at", "error")),
    }
    return tuple(
        Change(
            model.TABLE,
            each,
            {**again, **model.on_the_list(each, context.now + AGAIN)},
            {"vendor_id": report.sid},
        )
        for each in holders
        if (context.seen.get((model.TABLE, each)) or {}).get("vendor_id", report.sid) == report.sid
        and each != report.id
    )


def _moved(
    report: Report,
    context: Context,
    status: str,
    assume: Mapping[str, Any],
    come_from: tuple[str, ...] | None = None,
) -> Decision:
    statuses = before(status) if come_from is None else come_from
    if not statuses:
        return nothing(Verdict.KNOWN)
    changed = {
        "status": status,
        "vendor_id": report.sid,
        "vendor_status": report.status,
        "outbox": None,
        **_marks(report, context, status),
    }
    change = Change(
        model.TABLE,
        report.id,
        changed,
        {**assume, "status": OneOf(statuses), "attempt": report.attempt},
    )
    return decided((change, *_opt_out(report, context)), Verdict.MOVED)


def _marks(report: Report, context: Context, status: str) -> dict[str, Any]:
    """What the status means for those who look at the text, and for the work list."""
    if status in {"failed", "undelivered"}:
        error = {
            "code": str(report.error_code or report.status).upper(),
            "reason": reason(report.error_code),
        }
        return {"attention": context.timestamp, "error": error, **model.OFF_THE_LIST}
    fine: dict[str, Any] = {"attention": None, "error": None}
    if status == "delivered":
        return {**fine, "delivered_at": context.timestamp, **model.OFF_THE_LIST}
    if status == "sent":
        fine["sent_at"] = context.timestamp
    return fine | model.on_the_list(report.id, context.now + UNHURRIED)


def _opt_out(report: Report, context: Context) -> tuple[Any, ...]:
    row = context.seen.get((model.TABLE, report.id))
    if row is None or not _says_stop(report):
        return ()
    return consent.withdraw(context, row["to"], ((row["person_table"], row["person_id"]),))


def _says_stop(report: Report) -> bool:
    return report.error_code is not None and Rejected(report.error_code).opted_out
