"""Builds the web client when its sources changed since the last build."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

_OLDEST_NODE = 20
# Inside of node_modules: gone when the modules are.
_STAMP = Path("node_modules", ".closedloop-build")
_TEXT = {".css", ".html", ".js", ".json", ".map", ".svg", ".txt", ".webmanifest"}
_NOT_SOURCES = {"node_modules", "dist", "coverage", "test-results", "playwright-report"}


class NotBuiltError(Exception):
    """The client cannot be served as it is now; the text says why."""


def build(web: Path) -> None:
    """Brings `web/dist` up to date: modules installed, client built, each only when needed.

    What is text there gets a compressed neighbour.

    Raises:
        NotBuiltError: there are no sources, no Node, or a step failed.
    """
    if not (web / "package.json").exists():
        raise NotBuiltError("there is no web client yet")
    if _node_version() < _OLDEST_NODE:
        raise NotBuiltError(f"it needs Node {_OLDEST_NODE} or later")
    if not _is_installed(web):
        _run(web, "npm", "ci", "--no-audit", "--no-fund")
    digest, stamp = _digest(_sources(web)), web / _STAMP
    built = (web / "dist" / "index.html").exists() and stamp.exists()
    if not built or stamp.read_text() != digest:
        _run(web, "npm", "run", "build")
        stamp.write_text(digest)
    compress(web / "dist")


def compress(directory: Path) -> None:
    """Writes `name.gz` beside each text file that gets smaller by it, of the same age."""
    for file in sorted(directory.rglob("*")):
        if file.suffix in _TEXT:
            _compress(file, file.with_name(f"{file.name}.gz"))


def _compress(file: Path, packed: Path) -> None:
    content = file.read_bytes()
    small = gzip.compress(content, mtime=0)
    if len(small) >= len(content):
        packed.unlink(missing_ok=True)
        return
    draft = packed.with_suffix(".tmp")
    draft.write_bytes(small)
    # The age is part of the tag by which a browser asks whether it has changed.
    os.utime(draft, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    draft.replace(packed)


def _is_installed(web: Path) -> bool:
    """Whether npm wrote its note of what it installed after the lock file last changed."""
    note, lock = web / "node_modules" / ".package-lock.json", web / "package-lock.json"
    return note.exists() and note.stat().st_mtime >= lock.stat().st_mtime


def _run(web: Path, *command: str) -> None:
    # npm's output belongs into the log, where this process's own goes.
    if subprocess.run(command, cwd=web, check=False, stdin=subprocess.DEVNULL).returncode:  # noqa: S603 - fixed commands
        raise NotBuiltError(f"'{' '.join(command[:3])}' failed in web/; the log says why")


def _node_version() -> int:
    if not shutil.which("npm") or not (node := shutil.which("node")):
        return 0
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found on PATH
    match = re.match(r"v(\d+)", answer.stdout)
    return int(match[1]) if match else 0


def _sources(web: Path) -> list[Path]:
    """Every file of the client but what is installed or made."""
    found: list[Path] = []
    for directory, folders, files in os.walk(web):
        folders[:] = sorted(set(folders) - _NOT_SOURCES)
        found += (Path(directory, name) for name in sorted(files))
    return found


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file}\n".encode())
        digest.update(file.read_bytes() if file.exists() else b"")
    return digest.hexdigest()
