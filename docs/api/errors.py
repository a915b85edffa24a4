"""The refusals that the API can answer with."""

from __future__ import annotations

from closedloop.core.errors import ClosedLoopError


def by_name() -> dict[str, type[ClosedLoopError]]:
    """Every refusal that a module loaded by now declares, by its name."""
    found, left = {}, [ClosedLoopError]
    while left:
        each = left.pop()
        found[each.__name__] = each
        left += each.__subclasses__()
    return found
