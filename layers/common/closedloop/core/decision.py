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

    @property
    def author(self) -> dict[str, str]:
        """As rows keep who wrote them last."""
        return {"id": self.id, "email": self.email}


@dataclass(frozen=True, slots=True)
class Find:
    """A question to an index (or, without one, to a table): its entries of the org, in order.

    `key` names the index's hash and its value where that is not the org. `between` bounds the
    range key, both ends included.
    """

    table: str
    index: str | None
    between: tuple[str, Any, Any] | None = None
    key: tuple[str, str] | None = None
    limit: int = 100


Want = RowKey | Find
"""What a rule may ask for before it decides."""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that a rule may know besides its command.

    `now` is UTC. `seen` holds what was read for the rule or shown by a refused write: a row (None
    where there is none) by table and id, the entries of an index by their question. `request_id`
    is for a reply that is a failure: those carry one. `chance` is what the edge has drawn at
    random for this press, for the few rules that need some.
    """

    actor: Actor
    action: str
    key: str
    now: datetime
    seen: Mapping[Any, Any] = field(default_factory=dict)
    request_id: str = ""
    chance: str = ""
    version: int = field(init=False)
    """The version of every row that this decision writes: microseconds, above all seen."""
    timestamp: str = field(init=False)
    """`now` as rows and answers carry it."""

    def __post_init__(self) -> None:
        """Work out once what every write asks for."""
        rows = (each for each in self.seen.values() if isinstance(each, dict))
        above = max((int(row.get("version", 0)) + 1 for row in rows), default=0)
        object.__setattr__(self, "version", max(microseconds(self.now), above))
        object.__setattr__(self, "timestamp", iso(self.now))

    def row(self, table: str, row_id: str) -> Row | None:
        """The row as it is, or None while the rule may still assume it.

        Raises:
            NotFoundError: the row was looked for and does not exist.
        """
        known: Row | None = self.seen.get((table, row_id))
        if known is None and (table, row_id) in self.seen:
            raise NotFoundError
        return known

    def know(self, *wants: Want) -> None:
        """Make sure that all of these are in `seen`.

        Raises:
            NeedsError: some are not; the rule is asked again with all of them. Rows are read
                together with the key's entry, in one request; each question is one more.
        """
        if unknown := tuple(each for each in wants if each not in self.seen):
            raise NeedsError(unknown)

    def read(self, *keys: RowKey) -> list[Row | None]:
        """Rows as they are, None where there is none.

        Raises:
            NeedsError: as `know`.
        """
        self.know(*keys)
        return [self.seen[key] for key in keys]

    def find(self, question: Find) -> list[Row]:
        """The entries that answer the question.

        Raises:
            NeedsError: as `know`.
        """
        self.know(question)
        found: list[Row] = self.seen[question]
        return found

    def need(self, table: str, row_id: str) -> Row:
        """One row that must exist.

        Raises:
            NeedsError: as `know`.
            NotFoundError: the row does not exist.
        """
        (row,) = self.read((table, row_id))
        if row is None:
            raise NotFoundError
        return row

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

    The first write is the row that the action is about. Every changed row of a table that other
    screens follow has an entry in the journal. `result` is what the first of them says came of the
    press: a code where the writes only keep count of a refusal.
    """

    writes: tuple[Write, ...]
    reply: Reply[BodyT_co]
    result: str = "ok"


@dataclass(frozen=True, slots=True)
class Plan:
    """What one transaction writes: rows, and the journal's entries of them, the key's first."""

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


class NeedsError(Exception):
    """The rule cannot decide before it has seen these."""

    def __init__(self, wants: tuple[Want, ...]) -> None:
        super().__init__()
        self.wants = wants


class StaleError(Exception):
    """Nothing was committed: the rows whose conditions failed are as `rows` says."""

    def __init__(self, rows: Mapping[RowKey, Row | None]) -> None:
        super().__init__()
        self.rows = rows


CommandT_contra = TypeVar("CommandT_contra", contravariant=True)
if TYPE_CHECKING:
    UseCase = Callable[[CommandT_contra, Context], Decision | Bulk]
