"""What became of every text, by our rows and by Twilio's own log."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WAITING = ("pending", "sending", "sent")
_FAILED = ("failed", "undelivered")


@dataclass(frozen=True)
class Reconciled:
    """The counts of one run. `duplicates` and `lost` must be none."""

    requests: int
    at_twilio: int
    delivered: int
    failed: int
    unknown: int
    unknown_at_twilio: int
    waiting: int
    duplicates: list[str]
    lost: list[str]


def reconciled(
    requests: Mapping[str, str],
    rows: Mapping[str, Mapping[str, Any]],
    accepted: Sequence[Mapping[str, Any]],
) -> Reconciled:
    """Our rows against Twilio's log, text by text.

    A text is a duplicate when Twilio took it more than once, and lost when Twilio never had it
    although no row says that it waits, failed or may not have arrived.
    """
    times = Counter(str(each["body"]).partition(" ")[0] for each in accepted)
    status = {
        marker: str(rows.get(sms_id, {}).get("status")) for marker, sms_id in requests.items()
    }
    count = Counter(status.values())
    visible = {*_WAITING, *_FAILED, "unknown"}
    return Reconciled(
        requests=len(requests),
        at_twilio=len(times),
        delivered=count["delivered"],
        failed=sum(count[each] for each in _FAILED),
        unknown=count["unknown"],
        unknown_at_twilio=sum(times[m] > 0 for m, each in status.items() if each == "unknown"),
        waiting=sum(count[each] for each in _WAITING),
        duplicates=sorted(marker for marker, number in times.items() if number > 1),
        lost=sorted(m for m, each in status.items() if not times[m] and each not in visible),
    )


def printed(found: Reconciled, opened: int) -> str:
    """As a table."""
    lines = {
        "requests that the API took": found.requests,
        "texts that Twilio accepted": found.at_twilio,
        "delivered": found.delivered,
        "failed, for a person to send again": found.failed,
        "unknown, visible and still looked up": found.unknown,
        "  of these at Twilio all the same": found.unknown_at_twilio,
        "waiting": found.waiting,
        "sent twice (must be 0)": len(found.duplicates),
        "lost (must be 0)": len(found.lost),
        "times the breaker opened": opened,
    }
    table = "\n".join(f"| {name:<38} | {number:>6} |" for name, number in lines.items())
    names = ", ".join([*found.duplicates, *found.lost])
    return table + (f"\nTo be looked at: {names}" if names else "")
