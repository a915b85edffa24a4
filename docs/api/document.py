"""The OpenAPI 3.1 document of the HTTP API: everything in it is read from somewhere else."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from closedloop.edge.http import Action
from closedloop.edge.reads import ReadApi
from closedloop.edge.tool import Toolbox
from closedloop.realtime.handlers.ticket import Issuer
from closedloop.square.handlers.cron import Cron
from docs.api import cron, errors, headers, operations, refusals, tools
from docs.api.guests import Guest
from docs.api.schemas import Schemas, UndescribableError, pretty
from tests.support.actions import handlers
from tests.support.template import ROOT, functions, resources, template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docs.api.operations import Operation

    Described = Operation | Guest | cron.CronOperation | tools.ToolOperation | tools.Switchboard

TAGS = {
    "appointments": "Agreed times, as the screens list them.",
    "audit": "Who did what to which row, and what came of it.",
    "bookings": "Buttons of appointments.",
    "calendar": "All that a stretch of time holds.",
    "calls": "Calls that somebody asked for.",
    "changes": "What a client missed while it was away.",
    "conflicts": "Disagreements with Square that wait for a person.",
    "contacts": "Persons who called or wrote.",
    "cron": "What a schedule outside of the stack calls.",
    "jobs": "The work behind Square bookings.",
    "leads": "Persons in the sales pipeline.",
    "me": "Who is signed in.",
    "realtime": "Tickets for sockets; docs/api/asyncapi.yaml describes the sockets.",
    "reconcile": "Readings of Square that repair what no webhook told.",
    "settings": "What a business has decided.",
    "sms": "Texts that a person should look at.",
    "system": "How the vendors are.",
    "templates": "Texts with gaps.",
    "vapi": "The tools of the voice agent.",
    "webhooks": "What vendors call.",
}
"""The parts of the API, by the first step of the path."""

_SERVERS = [
    {
        "url": "https://{api}.execute-api.{region}.amazonaws.com",
        "description": "The stack's output ApiUrl, less `/api`.",
        "variables": {"api": {"default": "api"}, "region": {"default": "us-east-1"}},
    },
    {"url": "http://127.0.0.1:8787", "description": "What `make run` starts."},
]


class UndescribedError(UndescribableError):
    """A route leads to a handler of a kind that this generator cannot describe yet."""


def openapi() -> dict[str, Any]:
    """The document; the same code and template give the same document."""
    schemas = Schemas()
    paths: dict[str, dict[str, Any]] = {}
    for operation in described():
        path = paths.setdefault(operation.path, {})
        path[operation.method.lower()] = operation.document(schemas)
    shared = refusals.shared(schemas)
    schemas.keep("ErrorCode", errors.code_of_error(schemas))
    return {
        "openapi": "3.1.0",
        "info": _info(),
        "servers": _SERVERS,
        "tags": tags(paths),
        "paths": paths,
        "components": {
            "securitySchemes": {name: _bearer() for name in authorizers()}
            | tools.SCHEMES
            | cron.SCHEMES,
            "parameters": headers.PARAMETERS,
            "headers": headers.RESPONSES,
            "responses": _used(shared, paths),
            "schemas": dict(sorted(schemas.found.items())),
        },
    }


def described() -> Iterator[Described]:
    """Every HTTP route of the template with the handler that answers it, in the template's order.

    Raises:
        UndescribedError: our users call it, and it is neither a button nor a view nor the issuer
            of tickets.
    """
    for folder, method, path, authorizer in routes():
        handler = handlers()[folder]
        match handler:
            case Action():
                yield operations.button(folder, handler, method, path, authorizer)
            case ReadApi():
                yield operations.view(folder, handler, method, path, authorizer)
            case Issuer():
                yield operations.ticket(folder, handler, method, path, authorizer)
            case Toolbox():
                yield tools.operation(folder, method, path, handler)
            case Cron():
                yield cron.CronOperation(folder, method, path)
            case _ if authorizer is None:
                yield Guest(folder, method, path)
            case _:
                raise UndescribedError(
                    f"functions/{folder} answers {method} {path} with a {type(handler).__name__}: "
                    "docs/api/operations.py has to say how to describe one."
                )


def routes() -> Iterator[tuple[str, str, str, str | None]]:
    """Folder, method, path and authorizer (None: open to everybody) of each HTTP route."""
    for folder, properties in functions().items():
        for event in properties.get("Events", {}).values():
            if event["Type"] == "HttpApi":
                about = event["Properties"]
                yield folder, about["Method"].upper(), about["Path"], _authorizer(about)


def tags(paths: dict[str, dict[str, Any]]) -> list[dict[str, str]]:
    """The parts of the API that these paths belong to, with a sentence each.

    Raises:
        UndescribedError: nothing is said of one of them.
    """
    used = {tag for path in paths.values() for each in path.values() for tag in each["tags"]}
    if missing := ", ".join(sorted(used - TAGS.keys())):
        raise UndescribedError(f"Say in TAGS of docs/api/document.py what is under {missing}.")
    return [{"name": name, "description": TAGS[name]} for name in sorted(used)]


def authorizers() -> list[str]:
    """The names of the API's authorizers."""
    return list(_auth()["Authorizers"])


def _authorizer(route: dict[str, Any]) -> str | None:
    name: str = route.get("Auth", {}).get("Authorizer", _auth()["DefaultAuthorizer"])
    return None if name == "NONE" else name


def _auth() -> dict[str, Any]:
    (api,) = resources("AWS::Serverless::HttpApi").values()
    auth: dict[str, Any] = api["Auth"]
    return auth


def _used(answers: dict[str, Any], paths: dict[str, Any]) -> dict[str, Any]:
    text = pretty(paths)
    return {name: each for name, each in answers.items() if f'responses/{name}"' in text}


def _info() -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "title": "Closed Loop",
        "version": project["version"],
        "description": template()["Description"],
        "contact": {"name": "The Closed Loop authors"},
        "license": {"name": "MIT", "identifier": "MIT"},
    }


def _bearer() -> dict[str, str]:
    return {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token. Its `custom:org_id` is the only org that the call sees; "
        "its `cognito:groups` hold the roles: owner, manager, staff.",
    }
