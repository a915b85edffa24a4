"""`/sandbox/faults`: trouble with the outside world, for some calls, at a rate, or till cleared."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from local.sandbox.asking import body_of, refused
from local.sandbox.section import Sandbox, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TARGETS = ("twilio", "square")
REFUSE = "refuse"
MODES = ("429", "500", "hang_after_accept", "hang_before_accept", REFUSE, "slow")
_REFUSAL_SECONDS = 2.0
"""How long one refusal lasts. A refused connection never arrives, so nobody can count it."""


class UnknownTroubleError(ValueError):
    """No such fault can be made; the text says why."""


@dataclass(slots=True)
class Fault:
    """One kind of trouble. Without `count` and `rate` it meets every call until cleared."""

    target: str
    mode: str
    count: int | None = None
    rate: float | None = None
    happened: int = 0
    since: float = field(default_factory=time.monotonic)

    @classmethod
    def asked(cls, wish: Any) -> Fault:
        """The fault that a request describes.

        Raises:
            UnknownTroubleError: a field is missing or of another kind.
        """
        if not isinstance(wish, dict):
            raise UnknownTroubleError("Send an object with target and mode.")
        target, mode = wish.get("target"), str(wish.get("mode"))
        count, rate = wish.get("count"), wish.get("rate")
        if target not in TARGETS:
            raise UnknownTroubleError(f"target is one of {', '.join(TARGETS)}.")
        if mode not in MODES:
            raise UnknownTroubleError(f"mode is one of {', '.join(MODES)}.")
        if count is not None and (type(count) is not int or count < 1):
            raise UnknownTroubleError("count is a whole number from 1.")
        if rate is not None and (type(rate) not in {int, float} or not 0 < rate <= 1):
            raise UnknownTroubleError("rate is a number above 0, up to 1.")
        if count is not None and rate is not None:
            raise UnknownTroubleError("Send a count or a rate, not both.")
        return cls(target, mode, count, rate)

    def shown(self) -> dict[str, Any]:
        """As the sandbox answers it."""
        shown: dict[str, Any] = {"target": self.target, "mode": self.mode}
        shown |= {"count": self.count} if self.count else {}
        shown |= {"rate": self.rate} if self.rate else {}
        return shown | {"happened": self.happened}

    @property
    def over(self) -> bool:
        """Whether it has happened as often as it was to."""
        if self.count is None:
            return False
        if self.mode == REFUSE:
            return time.monotonic() - self.since > self.count * _REFUSAL_SECONDS
        return self.happened >= self.count


class Faults:
    """All trouble there is. Of rates for one target the sum counts: a call meets one at most."""

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance
        self._all: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Make trouble; the same mode of the same target takes the place of the former."""
        self._all = [each for each in self._all if (each.target, each.mode) != _name(fault)]
        self._all.append(fault)

    def clear(self) -> None:
        """No trouble any more."""
        self._all = []

    def shown(self) -> list[dict[str, Any]]:
        """What is still to happen."""
        return [each.shown() for each in self._all if not each.over]

    def meet(self, target: str, *, writes: bool) -> str | None:
        """The mode that a call which has arrived meets; a count is spent on writes alone."""
        drawn = self._chance()
        for fault in self._of(target):
            if fault.mode == REFUSE or (fault.count and not writes):
                continue
            if fault.rate is not None:
                drawn -= fault.rate
                if drawn >= 0:
                    continue
            fault.happened += 1
            return fault.mode
        return None

    def refuses(self, target: str) -> bool:
        """Whether connections are refused from now until this is asked again.

        A rate is the share of the time; a count is so many times two seconds.
        """
        for fault in self._of(target):
            if fault.mode == REFUSE and (fault.rate is None or self._chance() < fault.rate):
                fault.happened = 1 if fault.rate is None else fault.happened + 1
                return True
        return False

    def _of(self, target: str) -> list[Fault]:
        return [each for each in self._all if each.target == target and not each.over]


def _name(fault: Fault) -> tuple[str, str]:
    return fault.target, fault.mode


def _routes(sandbox: Sandbox) -> Sequence[web.AbstractRouteDef]:
    faults = sandbox.faults

    async def heed() -> None:
        for each in (sandbox.twilio, sandbox.square):
            await each.heed_refusals()

    async def shown(_: web.Request) -> web.Response:
        return web.json_response({"faults": faults.shown()})

    async def add(request: web.Request) -> web.Response:
        try:
            faults.add(Fault.asked(await body_of(request)))
        except ValueError as wrong:
            return refused(request, str(wrong))
        await heed()
        return web.json_response({"faults": faults.shown()})

    async def clear(_: web.Request) -> web.Response:
        faults.clear()
        await heed()
        return web.json_response({"faults": []})

    path = "/sandbox/faults"
    return [web.get(path, shown), web.post(path, add), web.delete(path, clear)]


SECTION = Section(
    title="Faults",
    about="Trouble with Twilio or Square: what is under way now. POST adds, DELETE clears.",
    path="/sandbox/faults",
    routes=_routes,
)
