"""What a decision writes, and what it assumes of the rows: the condition of the write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Absent:
    """The type of ABSENT."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()
"""In `assume`: the row does not have this field."""


class _Present:
    """The type of PRESENT."""

    def __repr__(self) -> str:
        return "PRESENT"


PRESENT = _Present()
"""In `assume`: the row has this field, whatever it holds."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """In `assume`: the field holds one of these."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Sets fields of a row that exists, provided that `assume` still holds. None removes one."""

    table: str
    id: str
    set: Mapping[str, Any]
    assume: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Create:
    """Makes a row that does not exist yet."""

    table: str
    id: str
    set: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """Changes nothing, provided that the row is as assumed.

    `or_none` also accepts a missing row.
    """

    table: str
    id: str
    assume: Mapping[str, Any] = field(default_factory=dict)
    or_none: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts one more of `name` in the org, provided that fewer than `limit` are in `seconds`.

    The window slides: it is the last `seconds`, not a slot of the clock. `limit` is at most 20.
    """

    name: str
    limit: int
    seconds: int

    table = "system"

    @property
    def id(self) -> str:
        """What a refused tally is seen under."""
        return f"tally#{self.name}"


@dataclass(frozen=True, slots=True)
class Spend:
    """Takes one of the `limit` that the org has of `name`, forgotten after `until` (epoch s)."""

    name: str
    limit: int
    until: int

    table = "system"

    @property
    def id(self) -> str:
        """What a refused one is seen under."""
        return f"spend#{self.name}"


@dataclass(frozen=True, slots=True)
class Refund:
    """Gives one back of what was spent of `name`, forgotten after `until` (epoch s)."""

    name: str
    until: int

    table = "system"

    @property
    def id(self) -> str:
        """The item that the Spend of this name counts in."""
        return f"spend#{self.name}"


Use = Literal["visit", "before", "after"]
"""What a place is taken for. Buffers of two neighbours may share a place, a visit shares none."""

USES: tuple[Use, ...] = get_args(Use)


@dataclass(frozen=True, slots=True)
class Take:
    """Takes a place for `owner` until then (epoch ms; None: until it is freed).

    The place must be free for the `use`: never taken, lapsed by the clock of this decision, or the
    owner's own. With `held` it must be the owner's own already, whatever any clock says.
    `instead_of` names an owner whose claim passes to this one. Another use that the owner `leaves`
    ends with it. `shape` is kept with the first place of a visit, by which the index finds it:
    its start and how many places it takes before, during and after. The item may be cleaned away
    at `forget_at` (epoch s).
    """

    id: str
    owner: str
    forget_at: int
    use: Use = "visit"
    until: int | None = None
    held: bool = False
    instead_of: str | None = None
    leaves: tuple[Use, ...] = ()
    shape: Mapping[str, Any] | None = None

    table = "appointment_holds"


@dataclass(frozen=True, slots=True)
class Free:
    """Gives back a place that `owner` has taken for `uses`."""

    id: str
    owner: str
    uses: tuple[Use, ...] = ("visit",)

    table = "appointment_holds"


Write = Change | Create | Check | Tally | Spend | Refund | Take | Free
