"""What operations answer when they do not refuse: the types that rules and views return."""

from __future__ import annotations

from dataclasses import dataclass
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from closedloop.core.decision import Bulk, Decision
from closedloop.core.replies import Answered
from docs.api.names import returned
from docs.api.schemas import UndescribableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from docs.api.schemas import Schema, Schemas

_PLAIN = Answered(200)


class UntypedError(UndescribableError):
    """A rule does not say what it answers."""


@dataclass(frozen=True)
class Answer:
    """One reply: its type, its status and whether it says that it succeeded."""

    kind: Any
    status: int = _PLAIN.status
    success: bool = _PLAIN.success

    def schema(self, schemas: Schemas) -> Schema:
        """A reference to the reply's own schema, which begins with `success`."""
        body = schemas.written_out(self.kind)
        properties = {"success": {"const": self.success, "type": "boolean"}, **body["properties"]}
        required = ["success", *body.get("required", [])]
        whole = {**body, "properties": properties, "required": required}
        return schemas.keep(self.kind.__name__, whole)


def of_use_case(use_case: Callable[..., Any]) -> list[Answer]:
    """What a rule answers: the types in its `Decision[...]` and `Bulk[...]`.

    Raises:
        UntypedError: its annotation names none.
    """
    found = [
        _answer(each)
        for decided in _options(returned(use_case))
        if get_origin(decided) in {Decision, Bulk}
        for each in _options(get_args(decided)[0])
    ]
    if not found:
        raise UntypedError(
            f"{use_case.__name__} does not say what it answers: annotate it `-> Decision[...]` "
            "with a TypedDict beside its command."
        )
    return list(dict.fromkeys(found))


def of_view(view: Callable[..., Any]) -> list[Answer]:
    """What a view answers, always with 200.

    Raises:
        UntypedError: its annotation names no TypedDict.
    """
    kind = returned(view)
    if not hasattr(kind, "__total__"):
        raise UntypedError(f"{view.__name__} does not say what it answers: return a TypedDict.")
    return [Answer(kind)]


def _answer(kind: Any) -> Answer:
    if get_origin(kind) is not Annotated:
        return Answer(kind)
    body, *marks = get_args(kind)
    (mark,) = (each for each in marks if isinstance(each, Answered))
    return Answer(body, mark.status, mark.success)


def _options(kind: Any) -> Iterator[Any]:
    if get_origin(kind) in {Union, UnionType}:
        for each in get_args(kind):
            yield from _options(each)
    else:
        yield kind
