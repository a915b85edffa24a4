"""A stack with kept data, started again."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from local import running
from local.stack import Stack
from tests.local.support import ask, bearer, outputs
from tests.local.test_streams import Rows
from tests.support.waiting import eventually

pytestmark = pytest.mark.stack

LAB = Path(__file__).parent / "lab" / "template.yaml"


def test_rows_tokens_queues_and_streams_outlive_a_restart(tmp_path: Path) -> None:
    """On another port, with another emulator: what was there is there, and goes on."""
    state = tmp_path / "state"
    with Stack(tmp_path / "one", template=LAB, state_dir=state) as first:
        (row,) = Rows(first).write("")
        assert eventually(lambda: Rows(first).has_seen(row))
        key = first.issuer.keys()
    kept = list(state.glob("*.json"))
    assert kept
    # Rows, and the secrets of the template, are for this user alone.
    assert [file.name for file in kept if file.stat().st_mode & 0o077] == []
    with Stack(tmp_path / "two", template=LAB, state_dir=state) as second:
        rows = Rows(second)
        assert rows.has_seen(row)
        assert second.issuer.keys() == key
        token = second.info["tokens"]["demo"]["owner"]
        assert ask(second, "POST", "/api/guarded", headers=bearer(token)).status == 200
        assert outputs(second)["Lost"].startswith(second.client.endpoint)
        (later, _) = rows.write("", "report")
        assert eventually(lambda: rows.has_seen(later))
        assert rows.lost()["DDBStreamBatchInfo"]["batchSize"] == 1


def test_a_killed_supervisor_leaves_nothing_behind_and_loses_nothing(tmp_path: Path) -> None:
    """The emulator notices, saves and ends."""
    state = tmp_path / "state"
    with Stack(tmp_path / "one", template=LAB, state_dir=state) as first:
        (row,) = Rows(first).write("")
        scratch = Path(ask(first, "GET", "/api/open/a").json["environment"]["HOME"])
        assert scratch.exists()
        supervisor = running.pid(first.settings.pid_file)
        assert supervisor
        os.kill(supervisor, signal.SIGKILL)
        assert eventually(lambda: not scratch.exists())
    with Stack(tmp_path / "two", template=LAB, state_dir=state) as second:
        names = outputs(second)
        found = second.client("dynamodb").get_item(TableName=names["Rows"], Key={"id": {"S": row}})
        assert "Item" in found
