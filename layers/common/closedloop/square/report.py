"""What a run has come to: counted, kept, and answered in one shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from closedloop.square.windows import Span

MOST_ERRORS = 100
"""Errors that a run keeps; `more` counts the others."""

COUNTS = ("scanned", "created", "updated", "skipped", "conflicts")


@dataclass
class Report:
    """The counts of a run, or of a part of it.

    `missed` are changes whose webhook should have come long ago, `strange` statuses that nobody
    knows. `rows` is what a dry run would do, row by row.
    """

    scanned: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    conflicts: int = 0
    missed: int = 0
    strange: int = 0
    more: int = 0
    errors: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @classmethod
    def stored(cls, kept: Row) -> Report:
        """As far as a run had come."""
        names = (*COUNTS, "missed", "strange", "more")
        found = cls(errors=list(kept.get("errors", ())))
        for name in names:
            setattr(found, name, int(kept.get(name, 0)))
        return found

    def count(self, body: Row) -> None:
        """Take in what became of one booking."""
        outcome = body["outcome"]
        self.created += outcome == "created"
        self.updated += outcome == "updated"
        self.skipped += outcome in {"known", "older"}
        self.conflicts += len(body["conflicts"])
        self.missed += body["missed"]
        self.strange += body["strange"]

    def wrong(self, code: str, error: str, **about: Any) -> None:
        """An entry of `errors`."""
        if len(self.errors) < MOST_ERRORS:
            self.errors.append({"code": code, "error": error, **about})
        else:
            self.more += 1

    def add(self, other: Report) -> None:
        """Take in another part."""
        for name in (*COUNTS, "missed", "strange", "more"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        room = MOST_ERRORS - len(self.errors)
        self.errors += other.errors[:room]
        self.more += len(other.errors[room:])
        self.rows += other.rows

    def of_what_is_done(self) -> Report:
        """Of a window that is begun anew: what was written stays counted, what was read is not."""
        return Report(
            created=self.created,
            updated=self.updated,
            conflicts=self.conflicts,
            missed=self.missed,
            strange=self.strange,
        )

    @property
    def fields(self) -> Row:
        """As a run keeps it."""
        return {
            name: getattr(self, name) for name in (*COUNTS, "missed", "strange", "more", "errors")
        }

    def answer(self, span: Span, milliseconds: int, *, dry_run: bool) -> dict[str, Any]:
        """As the cron route answers it."""
        return {
            **{name: getattr(self, name) for name in COUNTS},
            "errors": self.errors,
            "durationMs": milliseconds,
            "dryRun": dry_run,
            "window": span.fields,
        }


def planned(body: Row) -> Row:
    """A row of a plan: nothing of it depends on when it is made."""
    action = "create" if body["outcome"] == "created" else "update"
    changes = {name: each for name, each in body["changes"].items() if name != "customerCached"}
    if "customerCached" in body["changes"]:
        sides = body["changes"]["customerCached"].items()
        changes["customerCached"] = {side: _undated(value) for side, value in sides}
    return {"id": body["id"], "action": action, "changes": changes, "conflicts": body["conflicts"]}


def _undated(value: Any) -> Any:
    return value and {name: each for name, each in value.items() if name != "cached_at"}
