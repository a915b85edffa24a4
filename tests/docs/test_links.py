"""The documents hang together: everything is in the index, no link leads nowhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.template import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = sorted(
    path
    for folder in (".", "docs", "docs/decisions", "local")
    for path in (ROOT / folder).glob("*.md")
)
INDEX = ROOT / "docs" / "README.md"
_OUTSIDE = re.compile(r"\b(SPEC|CONTRACTS) [0-9]")
_LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def links(path: Path) -> list[str]:
    """The addresses inside of the repository that a document links to."""
    found = _LINK.findall(path.read_text(encoding="utf-8"))
    return [each for each in found if "://" not in each and not each.startswith("mailto:")]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_link_leads_to_a_file(path: Path) -> None:
    """Every relative link names something that is there."""
    assert [each for each in links(path) if not (path.parent / each).exists()] == []


def test_the_index_names_every_document() -> None:
    """A document that the index leaves out is found by nobody; decisions carry a status."""
    named = {(INDEX.parent / each).resolve() for each in links(INDEX)}
    wanted = {path for path in DOCUMENTS if path.is_relative_to(INDEX.parent)} - {INDEX}
    assert sorted(str(each) for each in wanted - named) == []


def test_nothing_is_cited_that_is_not_here() -> None:
    """Capitals stood for documents outside of the repository once: they are in docs/ now."""
    texts = {
        path: path.read_text(encoding="utf-8")
        for folder in ("bench", "docs", "functions", "layers", "local", "tests", "web/src")
        for path in (ROOT / folder).rglob("*.*")
        if path.suffix in {".md", ".py", ".ts", ".tsx", ".yaml"}
    }
    assert len(texts) > len(DOCUMENTS)
    assert [str(path) for path, text in texts.items() if _OUTSIDE.search(text)] == []
