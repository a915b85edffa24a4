"""Who is signed in, and to which business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop.core.errors import ForbiddenError
from closedloop.core.query import Question

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads
    from closedloop.core.rows import Row


_SHOWN = (
    "org_id", "id", "version", "created_at", "updated_at", "updated_by", "name", "kind",
    "time_zone", "phone", "sms_number", "address", "locale", "currency", "opening_hours",
    "days_off", "services", "limits", "sms_budget_per_day", "quiet_hours", "templates", "sms_help",
)  # fmt: skip
"""Fields of the org's settings that all of its staff may see; whatever else they hold is not."""


class Me(Question):
    """Who am I."""


def me(_: Me, actor: Actor, reads: Reads, __: datetime) -> dict[str, Any]:
    """The caller and the caller's business.

    Raises:
        ForbiddenError: the account's business does not exist.
    """
    org = reads.get("orgs", actor.org_id, "settings")
    if org is None:
        raise ForbiddenError("Your account belongs to no business.")
    person = {"id": actor.id, "email": actor.email, "org_id": actor.org_id}
    return {"me": person | {"roles": sorted(actor.roles), "org": _shown(org)}}


def _shown(org: Row) -> Row:
    return {name: org[name] for name in _SHOWN if name in org}
