"""The breaks of docs/breaks.md: mistakes that somebody chose, one for each guarantee.

The document is the list. A row names a function, what stands in it once and what takes its place,
and the test that notices.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tests.mutants.changes import Mutant, code_of
from tests.support.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = ROOT / "docs" / "breaks.md"
_ROW = re.compile(r"\| (?P<promise>[^|]+) \| `(?P<at>[\w.:]+)` \| `(?P<before>[^|]+)` → "
                  r"`(?P<after>[^|]+)` \| `(?P<test>[^|`]+)` \|")  # fmt: skip


class UnreadableBreakError(Exception):
    """A row of the document fits nothing in the code, or is no row."""


@dataclass(frozen=True)
class Break:
    """One row: the promise, the function under `closedloop`, the mistake, the test's node id."""

    promise: str
    module: str
    function: str
    before: str
    after: str
    test: str

    @property
    def name(self) -> str:
        """What a run calls it."""
        return f"{self.module}:{self.function}: {self.before} -> {self.after}"

    def mutant(self) -> Mutant:
        """The function with this mistake in it.

        Raises:
            UnreadableBreakError: what is to be replaced does not stand there once.
        """
        source = _source(self.module)
        start, end = _span(source, self.function)
        body = source[start:end]
        if body.count(self.before) != 1:
            raise UnreadableBreakError(self.name)
        changed = source[:start] + body.replace(self.before, self.after) + source[end:]
        code = code_of(compile(changed, self.module, "exec", dont_inherit=True), self.function)
        return Mutant(self.module, self.function, self.before, self.after, code)


def breaks() -> list[Break]:
    """Every row of the document, in its order.

    Raises:
        UnreadableBreakError: a row has another form.
    """
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    return list(_rows(each for each in lines if each.startswith("| ") and "`" in each))


def _rows(lines: Iterator[str]) -> Iterator[Break]:
    for line in lines:
        found = _ROW.fullmatch(line)
        if found is None:
            raise UnreadableBreakError(line)
        module, _, function = found["at"].partition(":")
        yield Break(
            found["promise"],
            f"closedloop.{module}",
            function,
            found["before"],
            found["after"],
            f"tests/{found['test']}",
        )


def _source(module: str) -> str:
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).read_text(encoding="utf-8")


def _span(source: str, function: str) -> tuple[int, int]:
    """Where the function stands in the source."""
    node: ast.AST = ast.parse(source)
    for name in function.split("."):
        inner = [each for each in ast.iter_child_nodes(node) if getattr(each, "name", "") == name]
        if not inner:
            raise UnreadableBreakError(function)
        node = inner[0]
    assert isinstance(node, ast.FunctionDef)
    lines = source.splitlines(keepends=True)
    start = sum(map(len, lines[: node.lineno - 1]))
    return start, start + sum(map(len, lines[node.lineno - 1 : node.end_lineno]))
