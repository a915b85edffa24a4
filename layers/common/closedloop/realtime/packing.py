"""Frames: events as they go over a socket, many in one.

A frame is one event or an array of events in their order, at most 30 KB. A client that asks for
it gets like events that follow each other as a *table* in such an array: what they have in common
is said once, what differs is a row of values, with a mark for a value that is as in the row
before. Nothing is left out, and `unpacked` gives back the
same events. A bulk of 500 leads is three frames so, and fourteen without.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby, pairwise, zip_longest
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from closedloop.core.rows import Row

FRAME_BYTES = 30 * 1024
"""A socket's frame: the gateway cuts up what is above 32 KB and bills it twice."""

_WORTH_A_TABLE = 3  # events; the head of a table is about as long as one
_TAIL = "]}"
_NESTED = ("record", "old_record")

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """An event as text, or with the `head` of its table one row of it.

    `text` is a row behind another, `first` the same row where none stands before it.
    """

    text: str
    head: str = ""
    first: str = ""

    def opens(self, open_head: str) -> bool:
        """Whether a table begins with it, in a frame whose last table has this head."""
        return bool(self.head) and self.head != open_head

    def size(self, open_head: str) -> int:
        """Bytes that it adds to a frame whose last table has this head."""
        told = self.head + self.first + _TAIL if self.opens(open_head) else self.text
        return len(told.encode()) + 1


def frames(events: Sequence[Row], *, packed: bool) -> list[str]:
    """The fewest frames that tell these events in order, each event no larger than a frame."""
    pieces = _packed(events) if packed else [_Piece(dump(each)) for each in events]
    parts = list(_filled(pieces))
    alone = [len(part) == 1 and not part[0].head for part in parts]
    return [part[0].text if one else _array(part) for part, one in zip(parts, alone, strict=True)]


def pack(events: Sequence[Row]) -> str:
    """All events as one array with tables, however long it gets."""
    return _array(_packed(events))


def unpacked(frame: Any) -> list[Row]:
    """The events of a frame that was read from its JSON, in order."""
    items = frame if isinstance(frame, list) else [frame]
    return [event for item in items for event in _events(item)]


def dump(content: Any) -> str:
    """JSON as it goes over a socket."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _filled(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    part: list[_Piece] = []
    size = len("[]")
    for piece in pieces:
        more = piece.size(part[-1].head if part else "")
        if part and size + more > FRAME_BYTES:
            yield part
            part, size = [], len("[]")
            more = piece.size("")
        part.append(piece)
        size += more
    if part:
        yield part


def _array(pieces: Sequence[_Piece]) -> str:
    items = []
    for head, same in groupby(pieces, key=lambda piece: piece.head):
        first, *rest = same
        texts = ",".join([first.first if head else first.text, *(each.text for each in rest)])
        items.append(head + texts + _TAIL if head else texts)
    return "[" + ",".join(items) + "]"


def _packed(events: Sequence[Row]) -> list[_Piece]:
    pieces: list[_Piece] = []
    for _, run in groupby(events, key=_shape):
        alike = list(run)
        pieces += _table(alike) if len(alike) >= _WORTH_A_TABLE else map(_alone, alike)
    return pieces


def _alone(event: Row) -> _Piece:
    return _Piece(dump(event))


def _shape(event: Row) -> list[bool]:
    return [isinstance(event.get(name), dict) for name in _NESTED]


def _table(events: Sequence[Row]) -> list[_Piece]:
    cells = [{path: dump(value) for path, value in _leaves(each)} for each in events]
    paths = list(dict.fromkeys(path for each in cells for path in each))
    columns: dict[tuple[str | None, ...], list[Path]] = {}
    for path in paths:
        columns.setdefault(tuple(each.get(path) for each in cells), []).append(path)
    same = {path: column[0] for column, found in columns.items() if _one(column) for path in found}
    differing = {column: found for column, found in columns.items() if not _one(column)}
    used = {cell for column in differing for cell in column}
    absent, repeated = _unused("~", used), _unused("^", used)
    head = _head(_nested(same, events[0]), list(differing.values()), absent, repeated)
    rows = [[cell or absent for cell in row] for row in zip(*differing, strict=True)]
    # Where nothing differs there are no columns, but as many rows all the same.
    rows = rows or [[] for _ in events]
    pieces = [_Piece(_row(_short(row, before, repeated)), head, _row(row))
              for before, row in pairwise([[], *rows])]  # fmt: skip
    return [piece if piece.size("") + len("[]") <= FRAME_BYTES else _alone(event)
            for piece, event in zip(pieces, events, strict=True)]  # fmt: skip


def _row(cells: Iterable[str]) -> str:
    return f"[{','.join(cells)}]"


def _short(row: Sequence[str], before: Sequence[str], repeated: str) -> list[str]:
    """The row with a mark for each value that is longer than it and as in the row before."""
    return [
        repeated if cell == last and len(cell) > len(repeated) else cell
        for cell, last in zip_longest(row, before)
    ]


def _leaves(event: Row) -> Iterator[tuple[Path, Any]]:
    for name, value in event.items():
        if name in _NESTED and isinstance(value, dict):
            yield from (((name, inner), each) for inner, each in value.items())
        else:
            yield (name,), value


def _one(column: tuple[str | None, ...]) -> bool:
    return column[0] is not None and len(set(column)) == 1


def _unused(letter: str, cells: set[str | None]) -> str:
    mark = letter
    while dump(mark) in cells:
        mark += letter
    return dump(mark)


def _nested(same: dict[Path, str | None], like: Row) -> str:
    """What all events have in common, as one event that lacks the rest."""
    common: Row = {name: {} for name in _NESTED if isinstance(like.get(name), dict)}
    for path, text in same.items():
        _set(common, path, json.loads(text or "null"))
    return dump(common)


def _head(event: str, columns: list[list[Path]], absent: str, repeated: str) -> str:
    marks = f'"absent":{absent},"repeated":{repeated}'
    return f'{{"event":{event},"columns":{dump(columns)},{marks},"rows":['


def _events(item: Row) -> Iterator[Row]:
    if "rows" not in item:
        yield item
        return
    before: list[Any] = []
    for row in item["rows"]:
        before = [
            last if value == item["repeated"] else value for value, last in zip_longest(row, before)
        ]
        event = json.loads(json.dumps(item["event"]))
        for paths, value in zip(item["columns"], before, strict=True):
            for path in paths if value != item["absent"] else ():
                _set(event, path, value)
        yield event


def _set(event: Row, path: Sequence[str], value: Any) -> None:
    *outer, name = path
    inner = event
    for each in outer:
        inner = inner[each]
    inner[name] = value
