"""A test that a document names is there: its file, and where it says so the very test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.template import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_TABLE = re.compile(r"^\|.*\|$", re.MULTILINE)
_CODE = re.compile(r"`(?:tests/)?((?:[a-z0-9_]+/)?test_[a-z0-9_]+)`(?P<says>[^`|]*)")
_TOP = re.compile(r"`((?:web/tests|integration|e2e)(?:/[a-z0-9_-]+)?)`")
_NAME = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")


def last_cells(document: str) -> str:
    """The last column of every table of a document: there tests are named."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    return "\n".join(row.rsplit("|", 2)[1] for row in _TABLE.findall(text))


def files(name: str, folder: str) -> list[Path]:
    """The test files that a name stands for: with its folder, in the usual one, or in any."""
    if "/" in name:
        return list((ROOT / "tests").glob(f"{name}.py"))
    usual = ROOT / "tests" / folder / f"{name}.py"
    return [usual] if usual.is_file() else list((ROOT / "tests").glob(f"*/{name}.py"))


@pytest.mark.parametrize(
    ("document", "folder"), [("guarantees.md", "matrices"), ("square.md", "square")]
)
def test_each_named_test_is_there(document: str, folder: str) -> None:
    """One file for each name; the names of tests behind it are those of functions in it."""
    cells = last_cells(document)
    named = _CODE.findall(cells)
    assert len(named) > 50
    found = {name: files(name, folder) for name, _ in named}
    assert {name: paths for name, paths in found.items() if len(paths) != 1} == {}
    missing = [
        f"{name} {test}"
        for name, says in named
        for test in _NAME.findall(says.partition(";")[0].partition(". ")[0])
        if f"def test_{test}(" not in found[name][0].read_text(encoding="utf-8")
    ]
    assert missing == []


def test_each_named_suite_is_there() -> None:
    """Those of the browser's code, and folders that are named as a whole."""
    names = _TOP.findall(last_cells("guarantees.md"))
    assert len(names) > 10
    roots = [ROOT, ROOT / "tests"]
    there = [any(list(root.glob(f"{name}*")) for root in roots) for name in names]
    assert [name for name, so in zip(names, there, strict=True) if not so] == []
