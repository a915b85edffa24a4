"""The edge of the queue of texts: claim, call, record; or come back; or end in the dead letters."""

from __future__ import annotations

import json
import random
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core.errors import ClosedLoopError, ServiceUnavailableError
from closedloop.edge.apply import apply, by_itself
from closedloop.edge.queue import ComesBackError, consumer
from closedloop.texts import codes, delivery, outcome
from closedloop.texts import wiring as texts
from closedloop.texts.model import Job
from closedloop.texts.outcome import WORKER_SECONDS, Claimed
from closedloop.texts.twilio_codes import NotProcessed, Rejected, Unclear
from closedloop.texts.verdict import Verdict, verdict

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Mapping

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
    job = Job.read(json.loads(record["body"]))
    with _counted(name, job):
        found = _send(name, job, counts)
    counts[found.value] += 1
    if found is Verdict.GIVEN_BACK:
        _pause(record, _backoff(record))
    if found is Verdict.LATER:
        _pause(record, WORKER_SECONDS)


def _send(name: str, job: Job, counts: Counter[str]) -> Verdict:
    context = _context(name, job, to_send=True)
    twilio, breaker = texts.twilio(), texts.breaker()
    permit = breaker.permit(f"{name}#{job.id}", context.now)
    claimed = apply(context, partial(delivery.claim, job, closed_until=_closed(permit, context)))
    if verdict(claimed) is not Verdict.CLAIMED:
        breaker.released(permit)
        return verdict(claimed)
    said = claimed.body
    claim = Claimed(wiring.now(), said["tries"], said["spent_on"])
    came = twilio.send(said["to"], said["from"], said["message"], _callback(job), said["seconds"])
    found = _record(name, job, context, came, claim)
    if breaker.ended(permit, wiring.now(), well=not isinstance(came, NotProcessed | Unclear)):
        counts["BreakerOpened"] += 1
    if isinstance(came, Rejected) and came.ours_to_mend:
        counts["ConfigurationErrors"] += 1
    return found


def _closed(permit: Permit, context: Context) -> datetime | None:
    """Until when nothing may be handed to Twilio; the jitter keeps all from coming back at once."""
    if not permit.wait:
        return None
    return context.now + timedelta(seconds=permit.wait + _JITTER.uniform(0, 30))


def _record(name: str, job: Job, before: Context, came: Outcome, claim: Claimed) -> Verdict:
    """Leaves out the row as it was before the claim: the rule must not rely on it."""
    person = {job.person: before.seen[job.person]}
    context = by_itself(name, job.org_id, before.key, person, who="worker")
    return verdict(apply(context, partial(outcome.record, job, outcome=came, claimed=claim)))


@contextmanager
def _counted(name: str, job: Job) -> Iterator[None]:
    """Count a try that ends in a defect of ours: after five of them a person must look.

    Trouble with the database or the queue is not the text's.
    """
    try:
        yield
    except ClosedLoopError:
        raise
    except Exception:
        with suppress(ClosedLoopError):
            apply(by_itself(name, job.org_id, who="worker"), partial(outcome.stumbled, job))
        raise


def _give_up(name: str, record: Mapping[str, Any], counts: Counter[str], _: object) -> None:
    job = Job.read(json.loads(record["body"]))
    found = verdict(apply(_context(name, job), partial(outcome.given_up, job)))
    counts[found.value] += 1
    if found is Verdict.LATER:
        raise ComesBackError


def _context(name: str, job: Job, *, to_send: bool = False) -> Context:
    """All that the rules need, in one request; in order to send a code, its key too."""
    of_a_code = codes.wanted(job) if to_send else ()
    rows: dict[Any, Any] = dict(wiring.reads().several(job.org_id, (*job.rows, *of_a_code)))
    rows["orgs", "settings"] = wiring.org_settings(job.org_id)
    if of_a_code:
        rows[codes.KEY] = texts.code_key()
    row = rows[job.rows[0]] or {}
    return by_itself(name, job.org_id, row.get("idempotency_key", ""), rows, who="worker")


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
        texts.outbox().hide(record["receiptHandle"], seconds, record["eventSourceARN"])
    except ServiceUnavailableError as lost:
        raise ComesBackError from lost  # later than meant: when the queue's own time is over
    raise ComesBackError
