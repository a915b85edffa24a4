"""The built web client: its files, and its start page for every address of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from pathlib import Path

_NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Closed Loop</title>
<style>body{font:16px/1.5 system-ui;max-width:36rem;margin:15vh auto;padding:0 1rem;
color-scheme:light dark}code{font-size:.9em}</style>
<h1>The stack is up; the web client is not built</h1>
<p>It needs Node 20 or later. With it, <code>make run</code> builds the client, or run
<code>npm ci &amp;&amp; npm run build</code> in <code>web/</code> and reload this page.</p>
<p>The API answers at <a href="/api/me"><code>/api</code></a>, the stand-ins at
<a href="/sandbox"><code>/sandbox</code></a>.</p>
"""
# Vite puts a hash of the content into the names of what it writes here.
_HASHED = "assets/"


class WebFiles:
    """Serves `directory`, which may come, go and change while the stack runs."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The file, or the start page for an address of the client's own router."""
        path = request.match_info["path"]
        if (file := self._file(path)) is not None:
            kept = "max-age=31536000, immutable" if path.startswith(_HASHED) else "no-cache"
            return web.FileResponse(file, headers={"Cache-Control": kept})
        if "." in path.rsplit("/", 1)[-1]:
            raise web.HTTPNotFound
        if (start := self._file("index.html")) is not None:
            return web.FileResponse(start, headers={"Cache-Control": "no-cache"})
        return web.Response(status=503, text=_NOT_BUILT, content_type="text/html")

    def _file(self, path: str) -> Path | None:
        """The file of this name, unless it lies outside of the directory."""
        root = self._directory.resolve()
        file = (root / path).resolve()
        return file if file.is_file() and file.is_relative_to(root) else None
