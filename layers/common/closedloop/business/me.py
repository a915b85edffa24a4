"""Who is signed in, and to which business."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from closedloop.core.errors import ForbiddenError
from closedloop.core.query import Question
from closedloop.core.rows import public

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.business.rows import Org, Role
    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads


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
            "org": public(org),
        }
    }
