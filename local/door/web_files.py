"""The built web client: its files, and its start page for every address of its own."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from pathlib import Path

_NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Closed Loop</title>
<link rel="stylesheet" href="/sandbox/page.css">
<h1>The stack is up; the web client is not built</h1>
<p>It needs Node 20 or later. With it, <code>make run</code> builds the client, or run
<code>npm ci &amp;&amp; npm run build</code> in <code>web/</code> and reload this page.</p>
<p>The API answers at <a href="/api/me"><code>/api</code></a>, the stand-ins at
<a href="/sandbox"><code>/sandbox</code></a>.</p>
"""
# Vite puts a hash of the content into the names of what it writes here.
_HASHED = "assets/"
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


class WebFiles:
    """Serves `directory`, which may come, go and change while the stack runs."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The file, or the start page for an address of the client's own router."""
        path = request.match_info["path"]
        if (file := self._file(path)) is not None:
            return _answer(file, _FOR_EVER if path.startswith(_HASHED) else _ASK_AGAIN)
        if "." in path.rsplit("/", 1)[-1]:
            raise web.HTTPNotFound
        if (start := self._file("index.html")) is not None:
            return _answer(start, _ASK_AGAIN)
        return web.Response(status=503, text=_NOT_BUILT, content_type="text/html")

    def _file(self, path: str) -> Path | None:
        """The file of this name, unless it lies outside of the directory.

        Raises:
            web.HTTPNotFound: no file can have this name.
        """
        root = self._directory.resolve()
        try:
            file = (root / path).resolve()
            is_file = stat.S_ISREG(file.stat().st_mode)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError):  # too long for the system, or with a NUL
            raise web.HTTPNotFound from None
        return file if is_file and file.is_relative_to(root) else None


def _answer(file: Path, kept: str) -> web.FileResponse:
    """The file, or its compressed neighbour where the browser takes that (`web_build`)."""
    headers = {"Cache-Control": kept, "Vary": "Accept-Encoding"}
    return web.FileResponse(file, headers=headers)
