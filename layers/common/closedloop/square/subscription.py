"""Whether the subscription of webhooks at Square is as ours must be. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

VERSION = "2026-09-16"
"""Of Square's API. Its answers keep their shape for as long as we ask for this one."""

EVENTS = (
    "booking.created", "booking.updated", "customer.updated", "oauth.authorization.revoked",
)  # fmt: skip
"""What it must tell of."""


def wrongs(listed: Iterable[Mapping[str, Any]], url: str) -> list[str]:
    """What is wrong, in sentences, of our application's subscriptions as Square lists them.

    One must name our address `url`; Square disables it after three weeks without a 2xx.
    """
    ours = [each for each in listed if each.get("notification_url") == url]
    if len(ours) != 1:
        return [f"{len(ours)} subscriptions name {url}; one must."]
    (found,) = ours
    missing = sorted(set(EVENTS) - set(found.get("event_types") or ()))
    speaks = found.get("api_version")
    faults = {
        "is disabled": not found.get("enabled"),
        f"lacks {', '.join(missing)}": bool(missing),
        f"speaks version {speaks}, we {VERSION}": speaks != VERSION,
    }
    return [f"the subscription {words}." for words, true in faults.items() if true]
