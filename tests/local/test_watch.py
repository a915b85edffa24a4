"""A saved file runs by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.local.support import ask
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local.stack import Stack

pytestmark = pytest.mark.stack


@pytest.fixture
def saved(lab: Stack, lab_sources: Path) -> Iterator[Path]:
    """The lab's sources; what a test saves there is put back, and runs again as before."""
    files = [path for path in lab_sources.rglob("*.*") if path.is_file()]
    before = {path: path.read_text() for path in files if path.suffix in {".py", ".yaml"}}
    yield lab_sources
    for path, text in before.items():
        path.write_text(text)
    eventually(lambda: b"from the layer" in ask(lab, "GET", "/api/open/a").body)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("layers/shared/shared_words.py", "from the layer", "from the saved layer"),
        ("functions/echo/app.py", "GREETING}", "'from the saved function'}"),
    ],
)
def test_saved_code_runs(lab: Stack, saved: Path, file: str, old: str, new: str) -> None:
    """Of a function, and of the layer that all of them share."""
    path = saved / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert eventually(lambda: b"from the saved" in ask(lab, "GET", "/api/open/a").body)


def test_a_saved_template_brings_a_route(lab: Stack, saved: Path) -> None:
    """The front door follows."""
    path = saved / "template.yaml"
    path.write_text(path.read_text().replace("/api/open/{id}", "/api/reopened/{id}"))
    assert eventually(lambda: ask(lab, "GET", "/api/reopened/a").status == 200)
    assert eventually(lambda: ask(lab, "GET", "/api/open/a").status == 404)


def test_a_mistake_in_a_saved_template_leaves_the_stack_as_it_was(lab: Stack, saved: Path) -> None:
    """It is told in the log, and the next good save runs."""
    path = saved / "template.yaml"
    text = path.read_text()
    path.write_text(text + "\n  half: [saved")
    assert eventually(lambda: "Not redeployed" in lab.log())
    assert ask(lab, "GET", "/api/open/a").status == 200
    path.write_text(text.replace("/api/open/{id}", "/api/mended/{id}"))
    assert eventually(lambda: ask(lab, "GET", "/api/mended/a").status == 200)
