"""No refusal is left out of the description of the API."""

from __future__ import annotations

import ast
import inspect
import sys
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.dynamo import idempotency, reads, store, transaction
from closedloop.edge import http, once, request, respond, tool
from closedloop.edge import reads as read_edge
from closedloop.edge.reads import ReadApi
from docs.api.errors import by_name
from docs.api.refusals import named_by, of_edge
from tests.api.support import document, within
from tests.support.actions import cases, handlers

if TYPE_CHECKING:
    from collections.abc import Sequence

ON_THE_WAY = (http, once, request, respond, tool, read_edge, idempotency, reads, store, transaction)
"""Every module between the gateway and a rule, and between a rule and the database."""

NEVER_MET = {"closedloop.edge.reads": {"NotFoundError"}}
"""A route that the template sends and app.py does not know: tests/api holds the two together."""


SOCKETS_ALONE = {"LIMIT_EXCEEDED", "UNKNOWN_ACTION"}
"""Refusals of messages over a socket: docs/api/asyncapi.yaml describes them."""


def rules() -> dict[str, Any]:
    """Every use case and view by name."""
    buttons = {each.name: each.use_case for each in cases()}
    apis = [each for each in handlers().values() if isinstance(each, ReadApi)]
    return buttons | {view.__name__: view for api in apis for _, view in api.routes.values()}


def raised(nodes: Sequence[ast.stmt]) -> set[str]:
    """The names of our errors that a piece of code raises, built or not."""
    found = (part for node in nodes for part in ast.walk(node) if isinstance(part, ast.Raise))
    names = {name.id for each in found for name in ast.walk(each) if isinstance(name, ast.Name)}
    return names & by_name().keys()


def used(rule: Any) -> list[ast.FunctionDef]:
    """A rule and the helpers of its module that it calls, directly or not."""
    tree = ast.parse(inspect.getsource(sys.modules[rule.__module__]))
    functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
    found, waiting = set(), {rule.__name__}
    while waiting:
        found.add(name := waiting.pop())
        called = {each.id for each in ast.walk(functions[name]) if isinstance(each, ast.Name)}
        waiting |= (called & functions.keys()) - found
    return [functions[name] for name in sorted(found)]


@pytest.mark.parametrize("module", ON_THE_WAY, ids=lambda module: module.__name__)
def test_what_the_edges_raise_is_described_on_every_route(module: Any) -> None:
    """An error that an edge or the database's adapter learns to raise needs a line in the list."""
    known = {each.__name__ for each in of_edge(button=True)}
    found = raised(ast.parse(inspect.getsource(module)).body)
    assert found - NEVER_MET.get(module.__name__, set()) <= known


@pytest.mark.parametrize("name", rules())
def test_what_a_rule_raises_its_docstring_names(name: str) -> None:
    """The description is read from the docstring, so the docstring must not forget one."""
    rule = rules()[name]
    named = {each.__name__ for each in named_by(rule)}
    assert raised(used(rule)) <= named


def test_every_error_can_be_met_somewhere() -> None:
    """Each class of closedloop.errors is an answer of some route; none is dead."""
    ours = (each for each in by_name().values() if each.__module__.startswith("closedloop."))
    codes = {each.code for each in ours if hasattr(each, "code")}
    described = {code for each in within(document()) for code in each.get("x-codes", [])}
    assert codes == described | SOCKETS_ALONE
