"""All routes of the sandbox, and the page that lists its sections."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from aiohttp import web

from local.sandbox import faults, phone, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.sandbox.section import Sandbox, Section

SECTIONS: tuple[Section, ...] = (phone.SECTION, faults.SECTION, tokens.SECTION)

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Closed Loop sandbox</title>
<meta name="viewport" content="width=device-width">
<style>
body{{font:16px/1.5 system-ui;max-width:44rem;margin:10vh auto;padding:0 1rem;
color-scheme:light dark}}
ul{{list-style:none;padding:0}} li{{padding:.8rem 0;border-top:1px solid #8884}}
p{{margin:.2rem 0}} code{{font-size:.9em}}
</style></head><body>
<h1>Sandbox</h1>
<p>Stand-ins for the world around the stack. Everything here is made up and stays on this
machine.</p>
<ul>
{sections}
</ul>
<p><a href="/">To the dashboard</a></p>
</body></html>
"""
_SECTION = """<li><strong>{title}</strong><p>{about}</p>
<a href="{path}"><code>{path}</code></a></li>"""


def routes(sandbox: Sandbox) -> Sequence[web.AbstractRouteDef]:
    """`/sandbox` and what each section adds."""
    of_sections = [route for section in SECTIONS for route in section.routes(sandbox)]
    return [web.get("/sandbox", _page), web.get("/sandbox/", _page), *of_sections]


async def _page(_: web.Request) -> web.Response:
    sections = "\n".join(
        _SECTION.format(
            title=escape(section.title), about=escape(section.about), path=escape(section.path)
        )
        for section in SECTIONS
    )
    return web.Response(text=_PAGE.format(sections=sections), content_type="text/html")
