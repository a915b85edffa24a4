"""Who is signed in, and to which business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop.core.errors import ForbiddenError
from closedloop.core.query import Question
from closedloop.core.rows import public

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads


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
    return {"me": person | {"roles": sorted(actor.roles), "org": public(org)}}
