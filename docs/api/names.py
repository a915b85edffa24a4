"""The names that annotations use: types of rows and values, which no function loads.

Rules import them for mypy alone. Whoever reads an annotation at run time finds them here.
"""

from __future__ import annotations

import sys
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from typing import Any, get_args, get_type_hints

from typing_extensions import is_typeddict

from tests.support.template import ROOT

_PACKAGE = ROOT / "layers" / "common" / "closedloop"
_CORE = ("command", "decision", "query", "replies", "rows", "values")


@lru_cache(maxsize=1)
def names() -> dict[str, Any]:
    """What core and the `rows` of each feature declare, by name."""
    features = sorted(each.parent.name for each in _PACKAGE.glob("*/rows.py"))
    modules = [import_module(f"closedloop.core.{name}") for name in _CORE]
    modules += [import_module(f"closedloop.{name}.rows") for name in features if name != "core"]
    modules += [import_module(f"closedloop.{name}") for name in _BESIDE]
    declared = {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if getattr(value, "__module__", module.__name__) == module.__name__
    }
    return {**declared, "datetime": datetime}


_BESIDE = (
    "bookings.views",
    "jobs.photos",
    "people.contacts",
    "people.leads",
    "realtime.tickets",
)
"""Where more is declared that annotations of other modules name."""


def returned(function: Any) -> Any:
    """What a function returns, by its annotation."""
    return _hints(function)["return"]


def resolve(kind: Any) -> None:
    """Put types in place of names in a TypedDict's annotations, and in those that it refers to."""
    if is_typeddict(kind) and resolved.get(kind.__name__) is not kind:
        resolved[kind.__name__] = kind
        kind.__annotations__.update(_hints(kind))
        for each in kind.__annotations__.values():
            resolve(each)
    named = [kind.__value__] if hasattr(kind, "__value__") else []
    for each in (*get_args(kind), *named):
        resolve(each)


resolved: dict[str, Any] = {}
"""The TypedDicts whose annotations are types by now, by name."""


def _hints(declared: Any) -> dict[str, Any]:
    own = vars(sys.modules[declared.__module__])
    return get_type_hints(declared, localns={**names(), **own}, include_extras=True)
