"""`stack.json`: the addresses, tokens and ids that programs read about a running stack."""

from __future__ import annotations

import json
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from local.people import PEOPLE
from local.settings import HOST, STACK_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from local.demo.seed import Ids
    from local.sandbox.twilio.vendor import Account
    from local.tokens import Issuer

Info = dict[str, Any]


def origin(port: int) -> str:
    """The address of the front door."""
    return f"http://{HOST}:{port}"


def stack_info(
    port: int,
    issuer: Issuer,
    ids: Ids,
    twilio: Account,
    *,
    square: Mapping[str, str],
    vapi: Mapping[str, str],
    cron_secret: str,
    has_socket: bool,
) -> Info:
    """What is written to stack.json; a part that the stack has not yet is present and empty.

    `vapi` is the secret of each org's voice agent.
    """
    tokens: dict[str, dict[str, str]] = {}
    for person in PEOPLE:
        tokens.setdefault(person.org_id, {})[person.role] = issuer.token(person)
    return {
        "web_url": origin(port),
        "api_url": f"{origin(port)}/api",
        "ws_url": f"ws://{HOST}:{port}/ws" if has_socket else "",
        "sandbox_url": f"{origin(port)}/sandbox",
        "cron_secret": cron_secret,
        "square": dict(square),
        "twilio": {"auth_token": twilio.auth_token, "account_sid": twilio.sid},
        "vapi": {"secret": vapi["demo"], "secrets": dict(vapi)},
        "tokens": tokens,
        "ids": ids,
    }


def cron_secret(secrets: Any) -> str:
    """What opens /api/cron/reconcile; empty where the template has no such secret.

    It is letters and digits, as the template asks for: it may stand in an address. The emulator
    does not know that wish, so what it made is replaced once.
    """
    name = f"{STACK_NAME}/cron"
    try:
        found = secrets.get_secret_value(SecretId=name)
    except secrets.exceptions.ResourceNotFoundException:
        return ""
    kept = str(json.loads(found["SecretString"])["secret"])
    if not kept.isalnum():
        kept = token_hex(24)
        secrets.put_secret_value(SecretId=name, SecretString=json.dumps({"secret": kept}))
    return kept


def write_private(path: Path, content: Mapping[str, Any]) -> None:
    """Writes JSON that only this user may read; a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content, indent=2) + "\n")
    draft.replace(path)
