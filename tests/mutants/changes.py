"""Small mistakes of the kind that people make, planted one at a time into a function."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

_OTHER = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
}
"""Operator → the one that is easily taken for it."""

Function = ast.FunctionDef


@dataclass(frozen=True)
class Mutant:
    """One function of a module with one mistake in it."""

    module: str
    function: str
    before: str
    after: str
    code: CodeType

    @property
    def name(self) -> str:
        """What docs/mutants.md calls it: no line number, for those move."""
        return f"{self.module}:{self.function}: {self.before} -> {self.after}"


def mutants(module: str, source: str) -> list[Mutant]:
    """Every mutant of every function of a module, in the order of the source."""
    tree = ast.parse(source)
    found: list[Mutant] = []
    for name, position in _functions(tree):
        for number in range(len(list(_places(_at(tree, position))))):
            changed = copy.deepcopy(tree)
            place, replacement = list(_places(_at(changed, position)))[number]
            before, after = _line(place), _line(replacement)
            _Replace(place, replacement).visit(changed)
            ast.fix_missing_locations(changed)
            code = code_of(compile(changed, module, "exec", dont_inherit=True), name)
            found.append(Mutant(module, name, before, after, code))
    return found


def _functions(tree: ast.Module) -> Iterator[tuple[str, tuple[int, ...]]]:
    for i, node in enumerate(tree.body):
        if isinstance(node, Function):
            yield node.name, (i,)
        if isinstance(node, ast.ClassDef):
            for j, method in enumerate(node.body):
                if isinstance(method, Function):
                    yield f"{node.name}.{method.name}", (i, j)


def _at(tree: ast.Module, position: tuple[int, ...]) -> ast.stmt:
    found: ast.stmt = tree.body[position[0]]
    for step in position[1:]:
        assert isinstance(found, ast.ClassDef)
        found = found.body[step]
    return found


def _places(function: ast.stmt) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Each node that can be changed, with what takes its place; not decorators, not annotations."""
    assert isinstance(function, Function)
    for statement in function.body:
        for node in ast.walk(statement):
            yield from ((node, other) for other in _others(node))


def _others(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _OTHER:
            yield _with(node, ops=[_OTHER[type(operator)]()])
        case ast.BoolOp(op=operator) | ast.BinOp(op=operator) if type(operator) in _OTHER:
            yield _with(node, op=_OTHER[type(operator)]())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield ast.Constant(value + 1)
        case ast.IfExp(body=body, orelse=orelse):
            yield _with(node, body=orelse, orelse=body)
        case ast.If(test=test) if not isinstance(test, ast.Compare | ast.UnaryOp):
            yield _with(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.Return(value=value) if value and not _is_none(value):
            yield ast.Return(ast.Constant(None))


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _line(node: ast.AST) -> str:
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).partition("\n")[0]


class _Replace(ast.NodeTransformer):
    def __init__(self, place: ast.AST, replacement: ast.AST) -> None:
        self._place, self._replacement = place, replacement

    def visit(self, node: ast.AST) -> ast.AST:
        """The replacement in its place, all else as it was."""
        if node is self._place:
            return ast.copy_location(self._replacement, node)
        return super().generic_visit(node)


def code_of(module: CodeType, name: str) -> CodeType:
    """The code of a function, or of a method by its class, within the code of its module."""
    for part in name.split("."):
        module = next(
            each for each in module.co_consts if hasattr(each, "co_name") and each.co_name == part
        )
    return module
