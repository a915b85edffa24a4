"""Notices saved files."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from local.deploy.package import sources

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from pathlib import Path

_SECONDS = 0.4


async def saves(template: Path) -> AsyncIterator[None]:
    """Yields after each change of the template or of the code beside it; never ends."""
    seen = await asyncio.to_thread(_fingerprint, template)
    while True:
        await asyncio.sleep(_SECONDS)
        now = await asyncio.to_thread(_fingerprint, template)
        if now != seen:
            seen = now
            yield


def _fingerprint(template: Path) -> frozenset[tuple[str, int, int]]:
    found = set()
    for path in _watched(template):
        try:
            stat = path.stat()
        except FileNotFoundError:  # an editor replaces a file by renaming another one
            continue
        found.add((str(path), stat.st_mtime_ns, stat.st_size))
    return frozenset(found)


def _watched(template: Path) -> Iterable[Path]:
    yield template
    for directory in ("functions", "layers"):
        yield from sources(template.parent / directory)
