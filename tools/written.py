"""JSON as the event files are written: on one line what fits on one."""

from __future__ import annotations

import json
from typing import Any

WIDTH = 100


def written(value: Any, before: int = 0, indent: str = "") -> str:
    """A value as JSON; `before` is how many characters of its line are taken."""
    line = json.dumps(value, ensure_ascii=False)
    if before + len(line) < WIDTH or not value or not isinstance(value, dict | list):
        return line
    inner = indent + "  "
    if isinstance(value, list):
        opened, parts, closed = (
            "[",
            [inner + written(each, len(inner), inner) for each in value],
            "]",
        )
    else:
        names = [f"{inner}{json.dumps(name)}: " for name in value]
        each = zip(names, value.values(), strict=True)
        opened, parts, closed = "{", [name + written(v, len(name), inner) for name, v in each], "}"
    return ",\n".join([f"{opened}\n{parts[0]}", *parts[1:]]) + f"\n{indent}{closed}"
