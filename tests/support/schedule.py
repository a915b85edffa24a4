"""Which tests run on one worker: all that need a local stack, and each file by itself."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

STACKS = "stacks"
_FOLDERS = {"e2e", "integration", "local", "sandbox"}
"""Folders whose tests start a local stack: half a dozen processes each."""
_TOGETHER = {"imports"}
"""Folders whose files share what takes long: each function started once."""


def group(nodeid: str) -> str:
    """The tests of one group share a worker, and with it their fixtures and stacks."""
    _, folder, *names = nodeid.partition("::")[0].split("/")
    if folder in _FOLDERS or names[-1:] == ["test_stack.py"]:
        return STACKS
    return folder if folder in _TOGETHER else f"{folder}/{names}"


class Schedule(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """Hands groups to workers.

    The group of a mark (`--dist loadgroup`) is lost with pytest 9.2: xdist 3.8 writes it into
    `Node._nodeid`, which pytest no longer reads.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)
