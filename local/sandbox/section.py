"""What a module of the sandbox offers to the page and to programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aiohttp import web

    from local.sandbox.faults import Faults
    from local.sandbox.square.server import Server as Square
    from local.sandbox.twilio.server import Server as Twilio
    from local.tokens import Issuer


@dataclass(frozen=True, slots=True)
class Sandbox:
    """What the sections may use of the running stack."""

    issuer: Issuer
    faults: Faults
    twilio: Twilio
    square: Square
    voice: Mapping[str, str] = field(default_factory=dict)
    """By org, the secret of its voice agent."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the sandbox: a line on its page, and its routes under `/sandbox/`."""

    title: str
    about: str
    path: str
    routes: Callable[[Sandbox], Sequence[web.AbstractRouteDef]]
