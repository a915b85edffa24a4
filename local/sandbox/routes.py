"""All routes of the sandbox, and its page: phones, Square's calendar, faults, the sections."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from local.sandbox import calendar, faults, phone, tokens
from local.sandbox.vapi import section as vapi

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.sandbox.section import Sandbox, Section

SECTIONS: tuple[Section, ...] = (
    phone.SECTION,
    vapi.SECTION,
    calendar.SECTION,
    faults.SECTION,
    tokens.SECTION,
)

_PAGE = Path(__file__).with_name("page.html")
_PARTS = ("page.css", "page.js", "calls.js", "square.js")
_KINDS = {".css": "text/css", ".js": "text/javascript"}
_PLACE = "<!-- sections -->"
_SECTION = '<li><a href="{path}"><code>{path}</code></a><p>{about}</p></li>'


def routes(sandbox: Sandbox) -> Sequence[web.AbstractRouteDef]:
    """`/sandbox` and what each section adds."""
    of_sections = [route for section in SECTIONS for route in section.routes(sandbox)]
    parts = [web.get(f"/sandbox/{name}", _part) for name in _PARTS]
    return [web.get("/sandbox", _page), web.get("/sandbox/", _page), *parts, *of_sections]


async def _page(_: web.Request) -> web.Response:
    sections = "\n".join(
        _SECTION.format(about=escape(section.about), path=escape(section.path))
        for section in SECTIONS
    )
    page = _PAGE.read_text(encoding="utf-8").replace(_PLACE, sections)
    return web.Response(text=page, content_type="text/html")


async def _part(request: web.Request) -> web.Response:
    """The page's style and script: files of their own, for no page here may run a script inside."""
    file = _PAGE.with_name(request.path.rsplit("/", 1)[-1])
    return web.Response(text=file.read_text(encoding="utf-8"), content_type=_KINDS[file.suffix])
