"""The planted mistakes: each kind is made, once for each place, and runs."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from tests.mutants.changes import mutants
from tests.mutants.modules import JUDGES
from tests.support.template import ROOT


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("x = a < b", ["a <= b"]),
        ("x = a == b", ["a != b"]),
        ("x = a in b", ["a not in b"]),
        ("x = a and b", ["a or b"]),
        ("x = a - b", ["a + b"]),
        ("x = not a", ["a"]),
        ("x = True", ["False"]),
        ("x = 7", ["8"]),
        ("x = a if b else c", ["c if b else a"]),
        ("return a", ["return None"]),
        ("return None", []),
        ("if a:\n  pass", ["if not a:"]),
        ("'''docs'''", []),
        ("x = f(a < b, 1)", ["a <= b", "2"]),
    ],
)
def test_each_kind_of_mistake_is_made(body: str, after: list[str]) -> None:
    """In function bodies alone: a default, an annotation and a decorator are left as they are."""
    lines = "\n".join("  " + line for line in body.split("\n"))
    found = mutants("m", f"LIMIT = 1\n@d(2)\ndef f(a: 'A' = 3):\n{lines}\n")
    assert [each.after for each in found] == after
    assert {each.function for each in found} <= {"f"}


def test_a_mutant_is_code_that_runs_and_has_a_name() -> None:
    """A method's code takes the place of the one it was made from."""

    class Shop:
        def opens(self, hour: int) -> bool:
            return hour >= 8

    (smaller, later, nothing) = sorted(
        mutants("shop", "class Shop:\n  def opens(self, hour):\n    return hour > 8\n"),
        key=lambda each: each.after,
    )
    assert smaller.name == "shop:Shop.opens: 8 -> 9"
    Shop.opens.__code__ = later.code
    assert Shop().opens(8)
    Shop.opens.__code__ = nothing.code
    assert Shop().opens(8) is None


@pytest.mark.parametrize("module", JUDGES)
def test_a_module_and_its_judges_are_there(module: str) -> None:
    """A file that was moved would leave a run without a judge; the figures are in docs."""
    assert find_spec(module)
    assert [each for each in JUDGES[module] if not (ROOT / each).is_file()] == []
    told = (ROOT / "docs" / "mutants.md").read_text(encoding="utf-8")
    assert f"| `{module.removeprefix('closedloop.')}` |" in told
