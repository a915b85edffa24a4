"""The edge of the queue of texts: claim, call, record; or come back; or end in the dead letters."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core.errors import ServiceUnavailableError
from closedloop.edge.apply import apply, by_itself
from closedloop.edge.queue import ComesBackError, consumer
from closedloop.texts import delivery
from closedloop.texts import wiring as texts
from closedloop.texts.delivery import WORKER_SECONDS
from closedloop.texts.model import Job
from closedloop.texts.twilio_codes import NotProcessed, Rejected, Unclear
from closedloop.texts.verdict import Verdict, verdict

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping

    from closedloop.core.decision import Context
    from closedloop.dynamo.breaker import Permit
    from closedloop.edge.queue import Answer
    from closedloop.texts.twilio_codes import Outcome

_LONGEST_PAUSE_SECONDS = 30
# SnapStart aside, many sandboxes start at once: a seeded generator would give all one jitter.
_JITTER = random.SystemRandom()


def sender(name: str) -> Callable[..., Answer]:
    """The function that sends texts."""
    if wiring.in_lambda():
        wiring.store()
        texts.breaker()
    return consumer(name, partial(_receive, name))


def closer(name: str) -> Callable[..., Answer]:
    """The function that closes what the queue has given up."""
    return consumer(name, partial(_give_up, name))


def _receive(name: str, record: Mapping[str, Any], counts: Counter[str], _: object) -> None:
    found = _send(name, Job.read(json.loads(record["body"])), counts)
    counts[found.value] += 1
    if found is Verdict.GIVEN_BACK:
        _pause(record, _backoff(record))
    if found is Verdict.LATER:
        _pause(record, WORKER_SECONDS)


def _send(name: str, job: Job, counts: Counter[str]) -> Verdict:
    context = _context(name, job)
    twilio, breaker = texts.twilio(), texts.breaker()
    permit = breaker.permit(f"{name}#{job.id}", context.now)
    claimed = apply(context, partial(delivery.claim, job, closed_until=_closed(permit, context)))
    if verdict(claimed) is not Verdict.CLAIMED:
        breaker.released(permit)
        return verdict(claimed)
    claimed_at, said = wiring.now(), claimed.body
    outcome = twilio.send(said["to"], said["from"], said["message"], _callback(job))
    found = _record(name, job, context, outcome, claimed_at)
    if breaker.ended(permit, wiring.now(), well=not isinstance(outcome, NotProcessed | Unclear)):
        counts["BreakerOpened"] += 1
    if isinstance(outcome, Rejected) and outcome.ours_to_mend:
        counts["ConfigurationErrors"] += 1
    return found


def _closed(permit: Permit, context: Context) -> datetime | None:
    """Until when nothing may be handed to Twilio; the jitter keeps all from coming back at once."""
    if not permit.wait:
        return None
    return context.now + timedelta(seconds=permit.wait + _JITTER.uniform(0, 30))


def _record(
    name: str, job: Job, before: Context, outcome: Outcome, claimed_at: datetime
) -> Verdict:
    """Without the row as it was before the claim: the rule is told only what it may rely on."""
    person = {job.person: before.seen[job.person]}
    context = by_itself(name, job.org_id, before.key, person)
    rule = partial(delivery.record, job, outcome=outcome, claimed_at=claimed_at)
    return verdict(apply(context, rule))


def _give_up(name: str, record: Mapping[str, Any], counts: Counter[str], _: object) -> None:
    job = Job.read(json.loads(record["body"]))
    found = verdict(apply(_context(name, job), partial(delivery.given_up, job)))
    counts[found.value] += 1
    if found is Verdict.LATER:
        raise ComesBackError


def _context(name: str, job: Job) -> Context:
    """All that the rules need, in one request."""
    rows = dict(wiring.reads().several(job.org_id, job.rows))
    rows["orgs", "settings"] = wiring.org_settings(job.org_id)
    row = rows[job.rows[0]] or {}
    return by_itself(name, job.org_id, row.get("idempotency_key", ""), rows)


def _callback(job: Job) -> str:
    """Where Twilio reports to. It sorts a query before it signs it not: ours is sorted already.

    The fragment asks Twilio to repeat on any trouble; it is not sent and not signed.
    """
    query = f"attempt={job.attempt}&org={job.org_id}&sms={job.id}"
    return f"{wiring.setting('WEBHOOK_BASE_URL')}/api/webhooks/twilio/status?{query}#rc=5&rp=all"


def _backoff(record: Mapping[str, Any]) -> int:
    received = int(record["attributes"]["ApproximateReceiveCount"])
    longest = min(_LONGEST_PAUSE_SECONDS, 2 ** min(received - 1, 10))
    return round(_JITTER.uniform(0, longest))


def _pause(record: Mapping[str, Any], seconds: int) -> None:
    try:
        texts.outbox().hide(record["receiptHandle"], seconds)
    except ServiceUnavailableError as lost:
        raise ComesBackError from lost  # later than meant: when the queue's own time is over
    raise ComesBackError
