"""Success answers: the names at their top, read where the code writes them.

A use case writes `Reply({"appointment": ...})` and a view returns `{"audit": ...}`. No model says
more than these names yet, so the document does not either.
"""

from __future__ import annotations

import ast
import inspect
import sys
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docs.api.schemas import Schema

Function = ast.FunctionDef | ast.AsyncFunctionDef
_DONE = 200


@dataclass
class Answer:
    """What an answer of one status holds: the names at its top, and what it says of success."""

    names: list[str]
    success: bool = True
    waits: bool = False
    """Whether it says when to ask again."""

    @property
    def schema(self) -> Schema:
        """The answer's schema; what its parts hold is left open."""
        return {
            "type": "object",
            "properties": {
                "success": {"const": self.success},
                **{name: {} for name in self.names},
            },
            "required": ["success"],
        }


Answers = dict[int, Answer]
"""By HTTP status."""


def of_use_case(use_case: Callable[..., Any]) -> Answers:
    """What each `Reply(...)` of a use case and its helpers answers."""
    code = Code.of(use_case)
    found: Answers = {}
    for helper in code.used():
        for call in _calls(helper, "Reply"):
            for status in _statuses(call):
                answer = found.setdefault(status, Answer([], _success(call)))
                names = code.names(call.args[0], helper)
                answer.names = list(dict.fromkeys([*answer.names, *names]))
                answer.waits |= _word(call, "retry_after") is not None
    return found or {_DONE: Answer([])}


def of_view(view: Callable[..., Any]) -> Answers:
    """What a view returns, which the edge of reads answers with 200."""
    code = Code.of(view)
    return {_DONE: Answer(list(dict.fromkeys(code.returned(code.start))))}


@dataclass(frozen=True)
class Code:
    """A function as it is written, with the other functions of its module."""

    start: Function
    others: dict[str, Function]

    @classmethod
    def of(cls, function: Callable[..., Any]) -> Code:
        """The code of a module-level function."""
        tree = ast.parse(inspect.getsource(sys.modules[function.__module__]))
        others = {each.name: each for each in tree.body if isinstance(each, Function)}
        return cls(others[function.__name__], others)

    def used(self) -> list[Function]:
        """The function and the helpers of its module that it calls, directly or not."""
        found = {self.start.name: self.start}
        waiting = [self.start]
        while waiting:
            called = {node.id for node in ast.walk(waiting.pop()) if isinstance(node, ast.Name)}
            new = {name: self.others[name] for name in sorted(called & self.others.keys())}
            waiting += [each for name, each in new.items() if name not in found]
            found |= new
        return list(found.values())

    def returned(self, function: Function, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        """The keys of the dicts that a function returns."""
        returns = (node for node in ast.walk(function) if isinstance(node, ast.Return))
        for each in sorted(returns, key=lambda node: node.lineno):
            if each.value is not None:
                yield from self.names(each.value, function, seen)

    def names(
        self, value: ast.expr, within: Function, seen: frozenset[str] = frozenset()
    ) -> Iterator[str]:
        """The keys of a dict display, also behind `|`, `if else`, a local name or a helper.

        `seen` holds the names already followed: `body = body | more` leads to itself.
        """
        match value:
            case ast.Dict(keys=keys, values=values):
                for key, part in zip(keys, values, strict=True):
                    yield from self.names(part, within, seen) if key is None else _text(key)
            case ast.BinOp(left=one, right=other) | ast.IfExp(body=one, orelse=other):
                yield from chain(self.names(one, within, seen), self.names(other, within, seen))
            case ast.Name(id=name) if (place := f"{within.name}.{name}") not in seen:
                for each in _assigned(within, name):
                    yield from self.names(each, within, seen | {place})
            case ast.Call(func=ast.Name(id=name)) if name in self.others and name not in seen:
                yield from self.returned(self.others[name], seen | {name})


def _calls(function: Function, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def _statuses(call: ast.Call) -> list[int]:
    given = [*call.args[1:2], _word(call, "status")]
    parts = chain.from_iterable(ast.walk(each) for each in given if each is not None)
    numbers = [each.value for each in parts if isinstance(each, ast.Constant)]
    return [each for each in numbers if type(each) is int] or [_DONE]


def _success(call: ast.Call) -> bool:
    word = _word(call, "success")
    return not (isinstance(word, ast.Constant) and word.value is False)


def _word(call: ast.Call, name: str) -> ast.expr | None:
    return next((word.value for word in call.keywords if word.arg == name), None)


def _assigned(function: Function, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield value
            case (
                ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value)
                | ast.AugAssign(target=ast.Name(id=target), value=value)
            ) if target == name:
                yield value


def _text(key: ast.expr) -> Iterator[str]:
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield key.value
