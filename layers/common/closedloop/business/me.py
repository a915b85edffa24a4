"""Who is signed in, and to which business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from closedloop.core.errors import ForbiddenError
from closedloop.core.query import Question

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.business.rows import Org, Role
    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads
    from closedloop.core.rows import Row


SHOWN = (
    "org_id", "id", "version", "created_at", "updated_at", "updated_by", "name", "kind",
    "time_zone", "phone", "sms_number", "address", "locale", "currency", "opening_hours",
    "breaks", "days_off", "services", "resources", "slot_minutes", "lead_minutes",
    "horizon_days", "limits", "sms_budget_per_day", "quiet_hours", "templates", "sms_help",
    "code_length", "text_countries", "sms_answers", "texts", "cancel_notice_minutes",
)  # fmt: skip
"""Fields of the org's settings that all of its staff may see; whatever else they hold is not."""


class Me(Question):
    """Who am I."""


class Caller(TypedDict):
    """Who is signed in, and for which business."""

    id: str
    email: str
    org_id: str
    roles: list[Role]
    org: Org


class SignedIn(TypedDict):
    """The caller."""

    me: Caller


def me(_: Me, actor: Actor, reads: Reads, __: datetime) -> SignedIn:
    """The caller and the caller's business.

    Raises:
        ForbiddenError: the account's business does not exist.
    """
    org = reads.get("orgs", actor.org_id, "settings")
    if org is None:
        raise ForbiddenError("Your account belongs to no business.")
    return {
        "me": {
            "id": actor.id,
            "email": actor.email,
            "org_id": actor.org_id,
            "roles": sorted(actor.roles),
            "org": _shown(org),
        }
    }


def _shown(org: Row) -> Any:
    return {name: org[name] for name in SHOWN if name in org}
