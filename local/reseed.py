"""Brings a running stack back to the demo data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from local.demo.credentials import secrets_of
from local.demo.seed import ids, seed
from local.emulator.clients import Clients
from local.info import write_private

if TYPE_CHECKING:
    from local.settings import Settings


def reseed(settings: Settings) -> None:
    """Resets the rows of the demo tables and the ids in stack.json."""
    runtime = json.loads(settings.runtime_file.read_text())
    dynamodb = Clients(runtime["emulator_url"], runtime["emulator_token"])("dynamodb")
    seed(dynamodb, secrets=secrets_of(settings.key_file))
    info = json.loads(settings.info_file.read_text())
    write_private(settings.info_file, info | {"ids": ids(dynamodb)})
