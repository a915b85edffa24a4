"""app.py is an address label: what it is, where it leads, nothing else."""

from __future__ import annotations

import ast

import pytest

from closedloop.edge.http import Action
from tests.imports.support import FOLDERS
from tests.support.actions import handlers
from tests.support.template import ROOT, routes

each_function = pytest.mark.parametrize("folder", FOLDERS)


def tree(folder: str) -> ast.Module:
    """The code of a function's app.py."""
    return ast.parse((ROOT / "functions" / folder / "app.py").read_text(encoding="utf-8"))


@each_function
def test_it_says_what_it_does(folder: str) -> None:
    """A docstring that begins with where the event comes from, then the promise."""
    first = (ast.get_docstring(tree(folder)) or "").partition("\n")[0]
    assert first.endswith(".")
    assert any(mark in first for mark in (":", ","))


@each_function
def test_it_only_imports_and_names_its_handler(folder: str) -> None:
    """Docstring, imports, one assignment to `handler`: no if, no try, no function, no loop."""
    _, *rest = tree(folder).body
    *imports, last = rest
    assert imports
    assert all(isinstance(each, ast.Import | ast.ImportFrom) for each in imports)
    assert isinstance(last, ast.Assign)
    assert [ast.unparse(target) for target in last.targets] == ["handler"]


@each_function
def test_its_handler_is_no_code_of_its_own(folder: str) -> None:
    """The assignment calls and names things; it holds no lambda, condition or comprehension."""
    allowed = (
        ast.Assign, ast.Attribute, ast.Call, ast.Constant, ast.Dict, ast.List, ast.Load, ast.Name,
        ast.Set, ast.Store, ast.Tuple, ast.keyword,
    )  # fmt: skip
    assert all(isinstance(node, allowed) for node in ast.walk(tree(folder).body[-1]))


@each_function
def test_it_imports_closedloop_alone(folder: str) -> None:
    """No boto3, no environment, no json, no library: those belong to an edge or an adapter."""
    names = [
        name
        for node in tree(folder).body
        for name in (
            [each.name for each in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom)
            else []
        )
    ]  # fmt: skip
    assert {name.split(".")[0] for name in names} == {"closedloop"}
    assert not [name for name in names if {"dynamo", "aws", "clients"} & set(name.split("."))]


@each_function
def test_a_buttons_label_names_its_route_and_its_folder(folder: str) -> None:
    """The name is the metric, the prefix of its keys and the audit entry's: it must not drift."""
    handler = handlers()[folder]
    if isinstance(handler, Action):
        assert handler.name == folder
        label = ast.get_docstring(tree(folder)) or ""
        assert all(f"{method} {path}" in label for method, path in routes(folder))
