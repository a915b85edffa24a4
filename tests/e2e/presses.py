"""Which buttons of the API staff press, and which of them a test has pressed in a browser."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.support.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Response

WITHOUT_A_BUTTON = {
    "POST /api/realtime/ticket": "each page asks for a ticket by itself, to open its socket",
    "POST /api/leads/{id}/update-status": "for programs; the dashboard's buttons use the address "
    "that takes one lead or many",
}
"""What staff may call and nobody presses, with the reason."""

_CHANGING = {"post", "put", "patch", "delete"}


@lru_cache
def buttons() -> dict[str, re.Pattern[str]]:
    """What staff may press, as the API's description names it, and the paths that are meant."""
    described = json.loads((ROOT / "docs" / "api" / "openapi.json").read_text())
    return {
        f"{method.upper()} {path}": re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
        for path, methods in described["paths"].items()
        for method, button in methods.items()
        if method in _CHANGING and {"Staff": []} in button["security"]
    }


def button_of(method: str, url: str) -> str | None:
    """The button that a request comes from; None for a read."""
    path = urlsplit(url).path
    fitting = (
        name
        for name, paths in buttons().items()
        if name.startswith(f"{method} ") and paths.fullmatch(path)
    )
    # Of two the plain address: `/api/leads/update-status` is no lead of that name.
    return min(fitting, key=lambda name: name.count("{"), default=None)


def note_presses(context: BrowserContext, pressed: set[str]) -> None:
    """From now on `pressed` learns what this browser profile sends and the server takes."""

    def note(answer: Response) -> None:
        name = button_of(answer.request.method, answer.url)
        if name is not None and answer.ok:
            pressed.add(name)

    context.on("response", note)


def promised() -> Iterator[str]:
    """What the tests of this folder say that they press; each is held to it when it runs."""
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        for test in vars(import_module(f"tests.e2e.{file.stem}")).values():
            marks = getattr(test, "pytestmark", ())
            yield from (name for mark in marks if mark.name == "presses" for name in mark.args)
