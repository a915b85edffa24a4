"""What a use case is given and what it returns: data alone, no I/O.

A rule first decides on the assumption that the row is as the screen showed it. The assumption
becomes the condition of the write. When it fails, the row as it is comes back in the context and
the rule is asked again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic
from uuid import UUID, uuid5

from typing_extensions import TypeVar

from closedloop.core.errors import NotFoundError
from closedloop.core.times import iso, microseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from closedloop.core.rows import Row
    from closedloop.core.writes import Change, Write

_IDS = UUID("6f1f64b5-4d0f-5c0a-9d8b-2f6f6f0c3a11")

BodyT_co = TypeVar("BodyT_co", bound=Mapping[str, Any], default=Mapping[str, Any], covariant=True)
"""What a reply holds: a TypedDict beside the rule's command (core/replies.py)."""

RowKey = tuple[str, str]
"""Table and id. The org is never part of it: it comes from the token."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, from the token alone."""

    id: str
    email: str
    org_id: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Context:
    """All that a rule may know beside its command.

    `now` is UTC. `seen` holds the rows that a refused write has shown: a row as it is, or None
    where there is no such row. `request_id` is for a reply that is a failure: those carry one.
    """

    actor: Actor
    action: str
    key: str
    now: datetime
    seen: Mapping[RowKey, Row | None] = field(default_factory=dict)
    request_id: str = ""

    def row(self, table: str, row_id: str) -> Row | None:
        """The row as it is, or None while the rule may still assume it.

        Raises:
            NotFoundError: the row was looked for and does not exist.
        """
        known = self.seen.get((table, row_id))
        if known is None and (table, row_id) in self.seen:
            raise NotFoundError
        return known

    def need(self, table: str, row_id: str) -> Row:
        """The row as it is, for a rule that cannot do without; costs a request.

        Raises:
            NeedsRowError: it has not been read yet; the rule is asked again with it.
            NotFoundError: the row does not exist.
        """
        known = self.row(table, row_id)
        if known is None:
            raise NeedsRowError(table, row_id)
        return known

    @property
    def version(self) -> int:
        """The version of every row that this decision writes: microseconds, above all seen."""
        seen = (int(row.get("version", 0)) + 1 for row in self.seen.values() if row)
        return max(microseconds(self.now), *seen, 0)

    @property
    def timestamp(self) -> str:
        """`now` as rows and answers carry it: UTC, ISO 8601, `Z`."""
        return iso(self.now)

    def new_id(self, kind: str) -> str:
        """The id of the row of this `kind` that this press of the button creates.

        A repeat of the key finds the same id, also after the key's record has expired.
        """
        name = json.dumps([self.actor.org_id, self.action, self.actor.id, self.key, kind])
        return str(uuid5(_IDS, name))


@dataclass(frozen=True, slots=True)
class Reply(Generic[BodyT_co]):
    """The answer to the caller: HTTP status and JSON body, which gets `success` put before.

    `retry_after` (seconds) is told where asking again makes sense.
    """

    body: BodyT_co
    status: int = 200
    success: bool = True
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Decision(Generic[BodyT_co]):
    """The writes that happen together or not at all, and the reply when they have.

    The first write is the row that the action is about: the audit entry names it. Where the
    action is about more, `subjects` says how many of the first writes have an entry each.
    """

    writes: tuple[Write, ...]
    reply: Reply[BodyT_co]
    subjects: int = 1


@dataclass(frozen=True, slots=True)
class Planned:
    """What one transaction writes besides a record: rows, and their audit entries."""

    context: Context
    writes: Sequence[Write]
    entries: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Bulk(Generic[BodyT_co]):
    """The same change of many rows, each for itself, once each.

    `change` is asked for every id, again with the row as it is when its assumption fails, and
    refuses by raising. `reply` is asked at the end with what was changed and what was not.
    """

    table: str
    ids: tuple[str, ...]
    change: Callable[[str, Context], Change]
    reply: Callable[[Sequence[Changed], Sequence[Unchanged]], Reply[BodyT_co]]


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that a bulk has changed: what was set, and its version since."""

    id: str
    set: Mapping[str, Any]
    version: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A row that a bulk could not change, and why."""

    id: str
    code: str
    error: str


class NeedsRowError(Exception):
    """The rule cannot decide before it has seen this row."""

    def __init__(self, table: str, row_id: str) -> None:
        super().__init__()
        self.key: RowKey = (table, row_id)


class StaleError(Exception):
    """Nothing was committed: `rows`, by position of the refused write, are as they are now."""

    def __init__(self, rows: Mapping[int, Row | None]) -> None:
        super().__init__()
        self.rows = rows


class ReplayError(Exception):
    """Nothing was committed: the key has its reply already, kept as `data` in a record."""

    def __init__(self, data: str, record_id: str) -> None:
        super().__init__()
        self.data = data
        self.record_id = record_id


CommandT_contra = TypeVar("CommandT_contra", contravariant=True)
if TYPE_CHECKING:
    UseCase = Callable[[CommandT_contra, Context], Decision | Bulk]
