"""The table: one line a figure, the usual stack's beside it, the goal, and whether it is met."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

_HEAD = ("what", "ours", "usual stack", "ratio", "goal", "")


@dataclass(frozen=True)
class Row:
    """One figure. `beside` is what the ratio is taken to: the usual stack's unless said."""

    what: str
    ours: float | None
    unit: str = ""
    usual: float | None = None
    beside: float | None = None
    limit: float | None = None
    """The goal: ours, or where `of_ratio` says so the ratio, must not exceed it."""

    under: bool = False
    """Whether the goal is to stay under the limit rather than at it."""

    of_ratio: bool = False
    note: str = ""
    """In the place of the figure: why there is none."""

    @property
    def ratio(self) -> float | None:
        """Ours to the other."""
        other = self.beside if self.beside is not None else self.usual
        return self.ours / other if self.ours is not None and other else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is no goal or no figure."""
        judged = self.ratio if self.of_ratio else self.ours
        if judged is None or self.limit is None:
            return None
        return judged < self.limit if self.under else judged <= self.limit

    def cells(self) -> tuple[str, ...]:
        """The line's cells as they are printed."""
        goal = "" if self.limit is None else _goal(self)
        verdict = {None: "", True: "met", False: "NOT MET"}[self.met]
        ours = self.note or _figure(self.ours, self.unit)
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return self.what, ours, _figure(self.usual, self.unit), ratio, goal, verdict


def printed(rows: list[Row]) -> str:
    """The rows as a Markdown table that is also one for the eye."""
    lines = [_HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    head, *rest = (_line(line, widths) for line in lines)
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([head, rule, *rest])


def as_json(rows: list[Row]) -> str:
    """The figures for a program."""
    found = [asdict(row) | {"ratio": row.ratio, "met": row.met} for row in rows]
    return json.dumps(found, indent=2, ensure_ascii=False)


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "| " + " | ".join(padded) + " |"


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    text = (
        str(int(value)) if float(value).is_integer() and unit in {"", "units"} else f"{value:.2f}"
    )
    return {"$": f"${text}", "ms": f"{text} ms"}.get(unit, text)


def _goal(row: Row) -> str:
    unit = "" if row.of_ratio else row.unit
    limit = {"$": f"${row.limit:g}", "ms": f"{row.limit:g} ms"}.get(unit, f"{row.limit:g}")
    return ("under " if row.under else "at most ") + limit + ("x bare" if row.of_ratio else "")
