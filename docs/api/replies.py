"""Answers: the names at their top, read where the code writes them.

A use case writes `Reply({"appointment": ...})`, a view returns `{"audit": ...}` and a refusal is
raised as `AlreadyConfirmedError(appointment=...)`. docs/api/answers.py says what the names hold.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from docs.api.errors import by_name
from docs.api.schemas import UndescribableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
_DONE = 200

Names = dict[str, bool]
"""The names at the top of an answer, and whether each is always there."""


class UnreadableError(UndescribableError):
    """An answer's names cannot be read where the code writes them."""


@dataclass
class Answer:
    """What answers of one status hold, and what they say of success.

    A rule that answers one kind of request with other names than another has several `bodies`.
    """

    bodies: list[Names] = field(default_factory=list)
    success: bool = True
    waits: bool = False
    """Whether it says when to ask again."""

    def add(self, body: Names) -> None:
        """One more body, unless it is one of them but for names that are not always there."""
        for i, known in enumerate(self.bodies):
            if known.keys() <= body.keys() or body.keys() <= known.keys():
                self.bodies[i] = _either([known, body])
                return
        self.bodies.append(body)


Answers = dict[int, Answer]
"""By HTTP status."""


def of_use_case(use_case: Callable[..., Any]) -> Answers:
    """What each `Reply(...)` of a use case and its helpers answers.

    Raises:
        UnreadableError: a name is worked out, or comes from where this does not look.
    """
    code = Code.of(use_case)
    found: Answers = {}
    for helper in code.used():
        for call in _calls(helper, "Reply"):
            for status in _statuses(call):
                answer = found.setdefault(status, Answer(success=_success(call)))
                answer.add(code.names(call.args[0], helper))
                answer.waits |= _word(call, "retry_after") is not None
    return found or {_DONE: Answer([{}])}


def of_view(view: Callable[..., Any]) -> Answers:
    """What a view returns, which the edge of reads answers with 200.

    Raises:
        UnreadableError: as above.
    """
    code, answer = Code.of(view), Answer()
    for body in code.returned(code.start):
        answer.add(body)
    return {_DONE: answer}


def of_refusals(use_case: Callable[..., Any]) -> dict[str, Names]:
    """What the refusals that a rule and its helpers build carry, by the error's name."""
    found: dict[str, list[Names]] = defaultdict(list)
    for helper in Code.of(use_case).used():
        for call in (node for node in ast.walk(helper) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id in by_name():
                carried = (word.arg for word in call.keywords if word.arg is not None)
                found[call.func.id].append(dict.fromkeys(carried, True))
    return {name: _either(bodies) for name, bodies in found.items() if any(bodies)}


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

    def returned(self, function: Function, seen: frozenset[str] = frozenset()) -> list[Names]:
        """The keys of each dict that a function returns."""
        returns = (node for node in _own(function) if isinstance(node, ast.Return))
        return [
            self.names(each.value, function, seen)
            for each in sorted(returns, key=lambda node: node.lineno)
            if each.value is not None
        ]

    def names(self, value: ast.expr, within: Function, seen: frozenset[str] = frozenset()) -> Names:
        """The keys of a dict display, also behind `|`, `if else`, a local name or a helper.

        `seen` holds the names already followed: `body = body | more` leads to itself.

        Raises:
            UnreadableError: it is written in another way.
        """
        match value:
            case ast.Dict(keys=keys, values=values):
                parts = zip(keys, values, strict=True)
                return _both(
                    self.names(part, within, seen) if key is None else {_text(key, within): True}
                    for key, part in parts
                )
            case ast.BinOp(left=one, op=ast.BitOr(), right=other):
                return _both(self.names(each, within, seen) for each in (one, other))
            case ast.IfExp(body=one, orelse=other):
                return _either([self.names(each, within, seen) for each in (one, other)])
            case ast.Name(id=name) if f"{within.name}.{name}" in seen:
                return {}
            case ast.Name(id=name) if found := list(_assigned(within, value)):
                return self._kept(found, within, seen | {f"{within.name}.{name}"})
            case ast.Call(func=ast.Name(id=name)) if name in self.others and name not in seen:
                return _either(self.returned(self.others[name], seen | {name}))
        raise _unreadable(value, within)

    def _kept(
        self, assigned: list[tuple[ast.expr, bool]], within: Function, seen: frozenset[str]
    ) -> Names:
        """The keys that a local name collects: for sure where nothing decides whether it does."""
        bodies = ((self.names(each, within, seen), always) for each, always in assigned)
        return _both(each if always else dict.fromkeys(each, False) for each, always in bodies)


def _both(parts: Iterable[Names]) -> Names:
    """One after the other."""
    found: Names = {}
    for part in parts:
        found |= {name: always or found.get(name, False) for name, always in part.items()}
    return found


def _either(bodies: list[Names]) -> Names:
    """One or the other: what is always there is in each."""
    names = dict.fromkeys(chain.from_iterable(bodies))
    return {name: all(body.get(name, False) for body in bodies) for name in names}


def _unreadable(value: ast.expr, within: Function) -> UnreadableError:
    return UnreadableError(
        f"{within.name} answers `{ast.unparse(value)}`: write the names at the top of an answer "
        "out where it is returned, or teach docs/api/replies.py to read this."
    )


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


def _own(function: Function) -> Iterator[ast.AST]:
    """The parts of a function less those of functions within it."""
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Function | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _assigned(function: Function, used: ast.Name) -> Iterator[tuple[ast.expr, bool]]:
    """What a local name is given, in order, and whether it always is before it is `used`."""
    blocks = [body for node in ast.walk(function) for body in _blocks(node)]
    found = ((node, block) for block in blocks for node in block)
    for node, block in sorted(found, key=lambda each: each[0].lineno):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=target)], value=value)
                | ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value)
                | ast.AugAssign(target=ast.Name(id=target), value=value)
            ) if target == used.id:
                yield value, any(used in ast.walk(each) for each in block)


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The blocks of statements that a statement has."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block


def _text(key: ast.expr, within: Function) -> str:
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        return key.value
    raise _unreadable(key, within)
