"""Brings a running stack back to the demo data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

from local.demo.credentials import secrets_of
from local.demo.seed import ids, seed
from local.demo.square import records
from local.emulator.clients import Clients
from local.info import write_private

if TYPE_CHECKING:
    from local.settings import Settings


def reseed(settings: Settings) -> None:
    """Resets the rows of the demo tables, the seller at Square and the ids in stack.json."""
    runtime = json.loads(settings.runtime_file.read_text())
    dynamodb = Clients(runtime["emulator_url"], runtime["emulator_token"])("dynamodb")
    rows = seed(dynamodb, secrets=secrets_of(settings.key_file))
    info = json.loads(settings.info_file.read_text())
    _reset_square(info["sandbox_url"], records(rows))
    write_private(settings.info_file, info | {"ids": ids(dynamodb)})


def _reset_square(sandbox_url: str, seller: dict[str, Any]) -> None:
    headers = {"Content-Type": "application/json"}
    request = Request(f"{sandbox_url}/square/reset", json.dumps(seller).encode(), headers)  # noqa: S310 - our own stack
    with urlopen(request, timeout=10):  # noqa: S310 - same
        pass
