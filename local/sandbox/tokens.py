"""`GET /sandbox/tokens`: everybody who can sign in, each with a fresh token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from local.demo.orgs import ORGS
from local.people import PEOPLE
from local.sandbox.section import Sandbox, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.people import Person
    from local.tokens import Issuer

_ORG_NAMES = {org.id: org.name for org in ORGS}


def user(person: Person, issuer: Issuer) -> dict[str, str]:
    """A person as the web client's user switcher shows it."""
    return {
        "name": person.name,
        "email": person.email,
        "org": person.org_id,
        "org_name": _ORG_NAMES[person.org_id],
        "role": person.role,
        "token": issuer.token(person),
    }


def _routes(sandbox: Sandbox) -> Sequence[web.AbstractRouteDef]:
    async def tokens(_: web.Request) -> web.Response:
        return web.json_response({"users": [user(person, sandbox.issuer) for person in PEOPLE]})

    return [web.get("/sandbox/tokens", tokens)]


SECTION = Section(
    title="Users",
    about="Everybody who can sign in, each with a token for the Authorization header.",
    path="/sandbox/tokens",
    routes=_routes,
)
