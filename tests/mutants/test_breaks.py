"""The breaks of docs/breaks.md fit the code: a run plants each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.mutants import breaks
from tests.mutants.breaks import UnreadableBreakError

if TYPE_CHECKING:
    from pathlib import Path

ROW = "| promise | `core.journal:refused` | `{}` → `{}` | `core/test_journal.py::test_it` |"


def test_each_break_is_a_function_with_a_mistake() -> None:
    """What it replaces stands there once, and what comes out compiles."""
    found = breaks.breaks()
    assert len(found) > 90
    assert [each.name for each in found if each.mutant().before == each.after] == []


@pytest.mark.parametrize(
    "row", [ROW.format("nothing like it", "pass"), ROW.format("context", "None"), "| a `row` |"]
)
def test_a_break_that_fits_nothing_is_told(
    row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not there, there more than once, or no row at all: nothing is left out in silence."""
    document = tmp_path / "breaks.md"
    document.write_text(f"{row}\n", encoding="utf-8")
    monkeypatch.setattr(breaks, "DOCUMENT", document)
    with pytest.raises(UnreadableBreakError):
        [each.mutant() for each in breaks.breaks()]
