"""Checklists of a job: what a request changes of them, point by point.

A request names the points that it changes; all others stay. So two people who tick different
points at the same moment lose nothing, whichever request is first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from closedloop.core.command import Command, RowId
from closedloop.core.errors import ValidationFailedError
from closedloop.core.words import not_blank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from closedloop.core.decision import Context
    from closedloop.core.rows import Row

MOST_POINTS = 100

Label = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(not_blank)]


class Ticker(Command):
    """Who ticked a point, as it was answered."""

    id: str
    email: str


class Point(Command):
    """One point: an `id` that is there is changed, any other (or none) is added, with its label.

    `by` and `at` may come back as they were answered; who ticked it and when is ours to say.
    """

    id: RowId | None = None
    label: Label | None = None
    done: bool | None = None
    removed: bool = False
    by: Ticker | None = None
    at: str | None = None


Points = Annotated[tuple[Point, ...], Field(max_length=MOST_POINTS, strict=False)]


class Checklists(Command):
    """What changes of the technician's list, of the QC list, or of both."""

    tech: Points | None = None
    qc: Points | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.tech is None and self.qc is None:
            raise ValueError("name tech or qc")
        return self


def changed(row: Row, asked: Checklists | None, context: Context) -> dict[str, list[Row]]:
    """Both lists of a job as they are after the change.

    Raises:
        ValidationFailedError: a new point has no label, or a list gets too long.
    """
    lists = row.get("checklist") or {}
    return {
        part: _changed(part, lists.get(part) or [], getattr(asked, part, None) or (), context)
        for part in ("tech", "qc")
    }


def _changed(
    part: str, points: Sequence[Row], asked: Sequence[Point], context: Context
) -> list[Row]:
    after = {point["id"]: point for point in points}
    for number, each in enumerate(asked):
        point_id = each.id or context.new_id(f"{part} {number}")
        if each.removed:
            after.pop(point_id, None)
            continue
        known = after.get(point_id)
        if known is None and each.label is None:
            raise ValidationFailedError.at(
                f"checklist.{part}.{number}.label", "A new point needs a label."
            )
        after[point_id] = _point(known or {"id": point_id, "done": False}, each, context)
    if len(after) > MOST_POINTS:
        raise ValidationFailedError.at(f"checklist.{part}", f"At most {MOST_POINTS} points.")
    return list(after.values())


def _point(known: Row, asked: Point, context: Context) -> Row:
    point = known | ({} if asked.label is None else {"label": asked.label})
    if asked.done in {None, known["done"]}:
        return point
    if not asked.done:
        return {"id": point["id"], "label": point["label"], "done": False}
    by = context.actor.author
    return point | {"done": True, "by": by, "at": context.timestamp}
