"""Conditions of DynamoDB, one function for each intention.

Every write of an action is one item of one transaction and asks for the stored item when its
condition fails, so that a refusal can carry the row as it is without reading it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop.core import journal
from closedloop.core.writes import (
    ABSENT,
    PRESENT,
    Change,
    Check,
    Create,
    Free,
    OneOf,
    Refund,
    Spend,
    Take,
    Tally,
    Write,
)
from closedloop.dynamo import places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from closedloop.core.decision import Context, Plan, RowKey
    from closedloop.dynamo.codec import Item

_SHOW_ROW = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


def items(prefix: str, plan: Plan, unless: Sequence[RowKey], expires_at: int) -> list[Item]:
    """The items of a plan's transaction: its first entry, what must not be there, rows, entries."""
    first, *others = plan.entries
    org_id = plan.context.actor.org_id
    return [
        append(prefix, first, expires_at),
        *(no_entry(prefix, org_id, entry_id) for _, entry_id in unless),
        *(write(prefix, each, plan.context) for each in plan.writes),
        *(append(prefix, each, expires_at) for each in others),
    ]


def write(prefix: str, planned: Write, context: Context) -> Item:  # noqa: PLR0911 - one for each kind
    """The transaction item of one planned write."""
    match planned:
        case Change():
            return change(prefix, planned, context)
        case Create():
            return create(prefix, planned, context)
        case Check():
            return check(prefix, planned, context)
        case Tally():
            return tally(prefix, planned, context.actor.org_id, context.now.timestamp())
        case Spend():
            return spend(prefix, planned, context)
        case Take() | Free():
            return places.write(prefix, planned, context)
        case Refund():
            return refund(prefix, planned, context)


def change(prefix: str, planned: Change, context: Context) -> Item:
    """Sets fields of a row that exists and is as assumed."""
    fields = {name: field for name, field in planned.set.items() if field is not None}
    fields |= _stamp(context)
    gone = [name for name, field in planned.set.items() if field is None]
    # An older version must never win: a clock that lags would hide the change from catch-up.
    condition, names, values = _as_assumed(planned.assume, newer_than=context.version)
    names |= {f"#s{i}": name for i, name in enumerate(fields)}
    values |= {f":s{i}": plain for i, plain in enumerate(fields.values())}
    names |= {f"#r{i}": name for i, name in enumerate(gone)}
    expression = "SET " + ", ".join(f"#s{i} = :s{i}" for i in range(len(fields)))
    if gone:
        expression += " REMOVE " + ", ".join(f"#r{i}" for i in range(len(gone)))
    return {
        "Update": {
            **_key(prefix, planned.table, planned.id, context),
            "UpdateExpression": expression,
            **_condition(condition, names, values),
        }
    }


def create(prefix: str, planned: Create, context: Context) -> Item:
    """Makes a row whose id, derived from the key, is not taken yet."""
    fields = {
        "org_id": context.actor.org_id,
        "id": planned.id,
        "created_at": context.timestamp,
        **{name: field for name, field in planned.set.items() if field is not None},
        **_stamp(context),
    }
    return {
        "Put": {
            "TableName": prefix + planned.table,
            "Item": fields,
            # The id says who pressed what: a row that is there is this very press, done before.
            "ConditionExpression": "attribute_not_exists(id)",
            **_SHOW_ROW,
        }
    }


def check(prefix: str, planned: Check, context: Context) -> Item:
    """Lets the transaction happen only while the row is as assumed."""
    condition, names, values = _as_assumed(planned.assume)
    if planned.or_none:
        # Where nothing is written down, nothing stands against it: nobody has opted out yet.
        condition = f"attribute_not_exists(id) OR ({condition})"
    return {
        "ConditionCheck": {
            **_key(prefix, planned.table, planned.id, context),
            **_condition(condition, names, values),
        }
    }


def tally(prefix: str, planned: Tally, org_id: str, seconds: float) -> Item:
    """Counts one more within a sliding window, in one write.

    The item keeps the latest times, newest first. Each count shifts them by one, which DynamoDB
    does on the item as it was; when the `limit`-th latest is within the window, it is full.
    """
    now = int(seconds * 1000)
    oldest = f"t{planned.limit - 1}"
    shifts = [f"t{i} = if_not_exists(t{i - 1}, :never)" for i in range(planned.limit - 1, 0, -1)]
    values = {
        ":now": now,
        ":never": 0,
        ":start": now - planned.seconds * 1000,
        ":expires": now // 1000 + planned.seconds,
    }
    if not shifts:
        del values[":never"]
    return {
        "Update": {
            "TableName": prefix + planned.table,
            "Key": {"id": f"tally#{org_id}#{planned.name}"},
            "UpdateExpression": "SET " + ", ".join([*shifts, "t0 = :now", "expiration = :expires"]),
            "ConditionExpression": f"attribute_not_exists({oldest}) OR {oldest} <= :start",
            "ExpressionAttributeValues": values,
            **_SHOW_ROW,
        }
    }


def spend(prefix: str, planned: Spend, context: Context) -> Item:
    """Takes one of what the org has for a time, unless all of it is taken."""
    return {
        "Update": {
            "TableName": prefix + planned.table,
            "Key": {"id": f"spend#{context.actor.org_id}#{planned.name}"},
            "UpdateExpression": "SET expiration = :until ADD used :one",
            # In one transaction with what it pays for: a crash neither loses nor doubles it.
            "ConditionExpression": "attribute_not_exists(used) OR used < :limit",
            "ExpressionAttributeValues": {
                ":until": planned.until,
                ":one": 1,
                ":limit": planned.limit,
            },
            **_SHOW_ROW,
        }
    }


def refund(prefix: str, planned: Refund, context: Context) -> Item:
    """Gives one back, in the transaction that says why: it can neither be lost nor doubled.

    Without a condition: what is given back after the item is gone is a count that nobody reads.
    """
    return {
        "Update": {
            "TableName": prefix + planned.table,
            "Key": {"id": f"spend#{context.actor.org_id}#{planned.name}"},
            "UpdateExpression": "SET expiration = :until ADD used :minus_one",
            "ExpressionAttributeValues": {":until": planned.until, ":minus_one": -1},
        }
    }


def append(prefix: str, entry: Mapping[str, Any], expires_at: int) -> Item:
    """Adds an entry to the journal. One that is there is never written again."""
    return {
        "Put": {
            "TableName": prefix + journal.TABLE,
            "Item": {**entry, "expires_at": expires_at},
            # The key's entry is what makes a press happen once, and no entry may ever be replaced.
            "ConditionExpression": "attribute_not_exists(id)",
            **_SHOW_ROW,
        }
    }


def no_entry(prefix: str, org_id: str, entry_id: str) -> Item:
    """Lets the transaction happen only while another key has no entry."""
    return {
        "ConditionCheck": {
            "TableName": prefix + journal.TABLE,
            "Key": {"org_id": org_id, "id": entry_id},
            "ConditionExpression": "attribute_not_exists(id)",
            **_SHOW_ROW,
        }
    }


def _stamp(context: Context) -> dict[str, Any]:
    """What every write leaves on its row: when, by whom, and for which press of the button."""
    return {
        "version": context.version,
        "updated_at": context.timestamp,
        "updated_by": context.actor.author,
        "idempotency_key": context.key,
    }


def _key(prefix: str, table: str, row_id: str, context: Context) -> Item:
    # The org is the token's: no id that a caller sends can name another org's row.
    return {
        "TableName": prefix + table,
        "Key": {"org_id": context.actor.org_id, "id": row_id},
    }


def _as_assumed(
    assume: Mapping[str, Any], newer_than: int | None = None
) -> tuple[str, dict[str, str], Item]:
    names = {f"#a{i}": name for i, name in enumerate(assume)}
    values: Item = {}
    parts = ["attribute_exists(id)"]
    for i, expected in enumerate(assume.values()):
        if expected is ABSENT:
            parts.append(f"attribute_not_exists(#a{i})")
        elif expected is PRESENT:
            parts.append(f"attribute_exists(#a{i})")
        elif isinstance(expected, OneOf):
            choices = {f":a{i}_{j}": each for j, each in enumerate(expected.values)}
            values |= choices
            parts.append(f"#a{i} IN ({', '.join(choices)})")
        else:
            values[f":a{i}"] = expected
            parts.append(f"#a{i} = :a{i}")
    if newer_than is not None:
        names["#v"], values[":v"] = "version", newer_than
        parts.append("#v < :v")
    return " AND ".join(parts), names, values


def _condition(expression: str, names: dict[str, str], values: Item) -> Item:
    return {
        "ConditionExpression": expression,
        **({"ExpressionAttributeNames": names} if names else {}),
        **({"ExpressionAttributeValues": values} if values else {}),
        **_SHOW_ROW,
    }
