"""Conditions of places in time: the cells of a calendar, and whatever else only one may have.

A place is one item. `visit`, `before` and `after` name who has it for what, `<use>_until` when
that lapses (epoch ms; absent: never). Whether it has lapsed is asked of the deciding clock, in the
condition itself: neither TTL nor the sweep decides who gets a place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from closedloop.core.writes import USES, Take

if TYPE_CHECKING:
    from collections.abc import Iterable

    from closedloop.core.decision import Context
    from closedloop.core.writes import Free, Use
    from closedloop.dynamo.codec import Item

_HEAD = ("start", "shape")
"""What the first place of a visit has besides, for the index."""


def write(prefix: str, planned: Take | Free, context: Context) -> Item:
    """The transaction item of one place that is taken or given back."""
    if isinstance(planned, Take):
        return take(prefix, planned, context)
    return free(prefix, planned, context)


def take(prefix: str, planned: Take, context: Context) -> Item:
    """Takes a place that is free for this use, and ends what has lapsed there.

    What lapsed is removed, so that its owner, whose clock may lag, finds its claim gone.
    """
    use = planned.use
    in_the_way = USES if use == "visit" else ("visit", use)
    values: dict[str, Any] = {
        ":me": planned.owner,
        ":now": int(context.now.timestamp() * 1000),
        ":forget": planned.forget_at,
        ":until": planned.until,
        ":instead": planned.instead_of,
        **{f":{name}": planned.shape[name] for name in _HEAD if planned.shape},
    }
    until = "" if planned.until is None else f", {use}_until = :until"
    head = "".join(f", #{name} = :{name}" for name in _HEAD) if planned.shape else ""
    # Each once: DynamoDB refuses an expression that names a field twice.
    others = dict.fromkeys((*in_the_way, *planned.leaves))
    gone = _fields(each for each in others if each != use)
    gone += [] if until else [f"{use}_until"]
    gone += [] if head else [f"#{name}" for name in _HEAD]
    update = f"SET #{use} = :me, expires_at = :forget{until}{head} REMOVE {', '.join(gone)}"
    left = [_own(each, planned) for each in planned.leaves if each not in in_the_way]
    condition = " AND ".join([*(_free(each, planned) for each in in_the_way), *left])
    return _update(prefix, planned, context, update, condition, values=values)


def free(prefix: str, planned: Free, context: Context) -> Item:
    """Gives back a place that is the owner's; what another has there stays.

    The empty item stays until TTL cleans it away: nothing needs the right to delete.
    """
    gone = _fields(planned.uses)
    gone += [f"#{name}" for name in _HEAD] if "visit" in planned.uses else []
    condition = " AND ".join(f"#{use} = :me" for use in planned.uses)
    update = f"REMOVE {', '.join(gone)}"
    return _update(prefix, planned, context, update, condition, values={":me": planned.owner})


def _free(use: Use, planned: Take) -> str:
    """That a use of the place does not stand in the taker's way."""
    if planned.held and use == planned.use:
        return f"#{use} = :me"
    return f"(attribute_not_exists(#{use}) OR {use}_until <= :now OR {_own(use, planned)})"


def _own(use: Use, planned: Take) -> str:
    """That the taker has it, or whom it follows."""
    passed_on = "" if planned.instead_of is None else ", :instead"
    return f"#{use} IN (:me{passed_on})"


def _fields(uses: Iterable[str]) -> list[str]:
    return [name for use in uses for name in (f"#{use}", f"{use}_until")]


def _update(
    prefix: str,
    planned: Take | Free,
    context: Context,
    update: str,
    condition: str,
    *,
    values: dict[str, Any],
) -> Item:
    words = set(re.findall(r"[#:]\w+", f"{update} {condition}"))
    return {
        "Update": {
            "TableName": prefix + planned.table,
            "Key": {"org_id": context.actor.org_id, "id": planned.id},
            "UpdateExpression": update,
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {word: word[1:] for word in words if word[0] == "#"},
            "ExpressionAttributeValues": {word: values[word] for word in words & set(values)},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }
