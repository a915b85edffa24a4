"""A change is one thing: over HTTP, over a socket, and in the code."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

import pytest

from closedloop.core.tables import TABLES
from closedloop.realtime import events, rows
from docs.api.names import names
from local.demo.rows import demo_rows
from tests.api.support import document, misfits
from tests.realtime import test_asyncapi as socket

KINDS: dict[str, Any] = {
    get_args(get_type_hints(each, localns=names())["table"])[0]: each
    for each in get_args(get_args(rows.Change.__value__)[0])
}
"""The shapes of a change, by table."""

ROWS = {
    table: [row for row in rows if not row["id"].startswith("cell#")]
    for table, rows in demo_rows(datetime(2026, 11, 20, 15, tzinfo=UTC)).items()
}
"""The demo's rows. The cells of visits are none: no stream tells of them."""


def test_every_announced_table_has_its_change() -> None:
    """Nothing can be caught up that the description does not know."""
    assert sorted(KINDS) == sorted(TABLES)


@pytest.mark.parametrize("table", KINDS)
def test_both_documents_describe_the_same_fields(table: str) -> None:
    """Beside what only a socket has to say."""
    here = document()["components"]["schemas"][KINDS[table].__name__]
    there = socket.DOCUMENT["components"]["schemas"]["Change"]
    assert here["properties"].keys() == there["properties"].keys() - {"truncated"}
    assert set(here["required"]) == set(there["required"])
    assert here["properties"]["type"]["enum"] == there["properties"]["type"]["enum"]
    assert set(KINDS) == set(there["properties"]["table"]["enum"])


@pytest.mark.parametrize("table", sorted(KINDS.keys() & ROWS))
def test_a_row_is_announced_as_it_is_caught_up(table: str) -> None:
    """Some of the demo's rows, new and gone, fit both documents, here without a field more."""
    here = {"$ref": "#/components/schemas/Change"}
    for row in ROWS[table][::20]:
        new = events.of_images(table, None, row, 0)
        gone = events.of_images(table, row, None, 0)
        assert new == events.of_row(table, row, since=0)
        assert misfits(new, here, strictly=True) == []
        assert (socket.misfits(new, "INSERT"), socket.misfits(gone, "DELETE")) == ([], [])
        assert gone is not None
        assert misfits({**gone, "old_record": None}, here, strictly=True) == []
