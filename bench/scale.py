"""Prints every wall, and what a burst and a storm of reconnects come to: `python -m bench.scale`.

Nothing is measured on AWS: the code's own packing, lanes, paces and conditions meet AWS's published
quotas and assumed latencies on a virtual clock. docs/scale.md explains it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bench.scale_burst import World
from bench.scale_reconnect import BUTTON, TICKET, Storm
from bench.scale_walls import walls
from tests.support.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

DOCUMENT = ROOT / "docs" / "scale.md"
BEGIN, END = "<!-- what `python -m bench.scale --write` puts here -->", "<!-- until here -->"

BURSTS: dict[str, dict[str, float]] = {
    "all well": {},
    "1 % hanging, 1 % gone": {"hanging": 0.01, "gone": 0.01},
}
STORMS = {
    "by the rule": Storm(),
    "all within a second": Storm(spread=1),
    "the same, one bucket of 200 a second for all": Storm(spread=1, own_buckets=False),
}


def main(arguments: Sequence[str]) -> int:
    """Print the tables, or with `--write` put them into docs/scale.md."""
    text = "\n".join(
        line
        for title, table in (
            ("Walls", wall_lines),
            ("A bulk of 500 leads to 10,000 sockets", _bursts),
            ("10,000 clients come back at once, 300 presses a second", _storms),
        )
        for line in (f"## {title}", "", *table(), "")
    )
    if "--write" not in arguments:
        print(text)
        return 0
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")
    return 0


def wall_lines() -> list[str]:
    """A line of the table for each wall."""
    rows = [
        (w.of, w.what, f"{_number(w.number)} {w.unit}".strip(), w.cause, w.moves) for w in walls()
    ]
    return _table([("of", "wall", "number", "cause", "what would move it"), *rows])


def _bursts() -> list[str]:
    head = ("", "posts", "functions", "messages", "frames a socket", "s until the last has it",
            "dead letters", "untold", "another org's press, s")  # fmt: skip
    rows = []
    for name, settings in BURSTS.items():
        told = World(**settings).happen()  # type: ignore[arg-type] # shares, both of them
        rows.append((
            name, f"{told.posts:,}", str(told.broadcasts + told.fanouts), str(told.queued),
            str(told.frames), f"{told.seconds:.1f}", str(told.dead), str(told.untold),
            f"{told.other_seconds:.2f}",
        ))  # fmt: skip
    alone = World(leads=0).happen()
    rows.append((
        "no bulk", f"{alone.posts:,}", str(alone.broadcasts + alone.fanouts), str(alone.queued),
        "-", "-", str(alone.dead), "-", f"{alone.other_seconds:.2f}",
    ))  # fmt: skip
    return _table([head, *rows])


def _storms() -> list[str]:
    head = ("", "buttons refused", "of", "tickets refused", "s until all are live")
    rows = []
    for name, storm in STORMS.items():
        back = storm.happen()
        rows.append((
            name, f"{back.refused[BUTTON]:,}", f"{back.asked[BUTTON]:,}",
            f"{back.refused[TICKET]:,}", f"{back.seconds:.0f}",
        ))  # fmt: skip
    return _table([head, *rows])


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    head, *rest = (f"| {' | '.join(row)} |" for row in rows)
    return [head, "|" + "---|" * len(rows[0]), *rest]


def _number(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
