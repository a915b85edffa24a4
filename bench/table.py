"""The table: a line for each thing, the usual stack beside it, and whether its goal is met."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

_HEAD = ("what", "of", "ours", "usual stack", "ratio", "goal", "")
_VERDICTS = {None: "-", True: "met", False: "NOT MET"}


@dataclass(frozen=True)
class Figure:
    """One number, what it stands beside, and its goal."""

    name: str
    ours: float
    usual: float | None = None
    beside: float | None = None
    """What the ratio is taken to; the usual stack's figure unless given."""

    limit: float | None = None
    """The goal: ours, or where `of_ratio` says so the ratio, must not exceed it."""

    under: bool = False
    """Whether it must stay below the limit rather than at it."""

    of_ratio: bool = False

    @property
    def ratio(self) -> float | None:
        """Ours to the other."""
        other = self.beside if self.beside is not None else self.usual
        return self.ours / other if other else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        judged = self.ratio if self.of_ratio else self.ours
        if judged is None or self.limit is None:
            return None
        return judged < self.limit if self.under else judged <= self.limit


@dataclass(frozen=True)
class Line:
    """What is printed as one line: figures of one kind, and what they are `of`."""

    what: str
    unit: str
    figures: tuple[Figure, ...]
    of: str = ""

    def cells(self) -> tuple[str, ...]:
        """The line's cells."""
        names = " / ".join(each.name for each in self.figures if each.name)
        verdicts = [_VERDICTS[each.met] for each in self.figures]
        return (
            f"{self.what} ({names})" if names else self.what,
            self.of,
            _joined([_number(each.ours, self.unit) for each in self.figures]),
            _joined([_number(each.usual, self.unit) for each in self.figures]),
            _joined([_number(each.ratio, "x") for each in self.figures]),
            _joined([_goal(each) for each in self.figures]),
            verdicts[0] if len(set(verdicts)) == 1 else _joined(verdicts),
        )


def printed(lines: list[Line]) -> str:
    """A Markdown table that is also one for the eye."""
    cells = [
        _HEAD,
        *(tuple("" if cell == "-" else cell for cell in each.cells()) for each in lines),
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEAD))]
    head, *rest = (_row(row, widths) for row in cells)
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([head, rule, *rest])


def as_json(lines: list[Line]) -> str:
    """The figures for a program."""
    found = [
        {
            "what": line.what,
            "of": line.of,
            "unit": line.unit,
            "figures": [
                asdict(each) | {"ratio": each.ratio, "met": each.met} for each in line.figures
            ],
        }
        for line in lines
    ]
    return json.dumps(found, indent=2, ensure_ascii=False)


def _row(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "| " + " | ".join(padded) + " |"


def _joined(parts: list[str]) -> str:
    return "" if set(parts) <= {"-"} else " / ".join(parts)


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    match unit:
        case "ms" | "x":
            return f"{value:.2f}" if value < 100 else f"{value:.0f}"
        case "$":
            return f"{value:.2f}"
    return f"{value:g}"


def _goal(figure: Figure) -> str:
    if figure.limit is None:
        return "-"
    return (
        ("< " if figure.under else "<= ") + f"{figure.limit:g}" + ("x" if figure.of_ratio else "")
    )
