"""The commands as a developer types them, with the real template."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from local.settings import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.stack


class Commands:
    """`python -m local ...` for a stack of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def __call__(self, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end; PORT is a free one unless it is given."""
        own = {"PORT": "0", "LOCAL_DIR": str(self.directory), "LOCAL_WEB": "0", "STATE_DIR": ""}
        return subprocess.run(
            [sys.executable, "-m", "local", command],
            cwd=ROOT,
            env=os.environ | own | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def file(self, name: str) -> Any:
        """One of the JSON files that the stack writes."""
        return json.loads((self.directory / name).read_text())


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Commands]:
    """The commands; the stack is ended after the test."""
    commands = Commands(tmp_path)
    yield commands
    commands("stop")


def test_run_says_where_and_stop_ends_it(local: Commands) -> None:
    """A second run says where it is, too; after the stop its files are gone."""
    started = local("run")
    address = local.file("stack.json")["web_url"]
    assert started.returncode == 0, started.stdout
    assert address in started.stdout
    again = local("run")
    assert again.returncode == 0
    assert "runs already" in again.stdout
    assert address in again.stdout
    assert local("status").returncode == 0
    assert local("stop").stdout == "Stopped.\n"
    assert not (local.directory / "stack.json").exists()


def test_without_a_stack_the_commands_say_so(local: Commands) -> None:
    """Stopping nothing is fine; seeding nothing is not."""
    assert (local("stop").returncode, local("stop").stdout) == (0, "No stack is running.\n")
    assert local("status").returncode == 1
    seeded = local("seed")
    assert seeded.returncode == 1
    assert "make run" in seeded.stdout


def test_a_taken_port_is_named_with_a_way_out(local: Commands) -> None:
    """Instead of a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        started = local("run", PORT=str(port))
    assert started.returncode == 1
    assert f"Port {port} is taken" in started.stdout
    assert f"PORT={port + 1} make run" in started.stdout


def test_a_wrong_port_is_named(local: Commands) -> None:
    """Before anything is started."""
    started = local("run", PORT="http")
    assert started.returncode == 2
    assert "PORT must be a number" in started.stdout


def test_a_template_that_does_not_fit_is_named(local: Commands) -> None:
    """The start fails with the translator's words."""
    template = local.directory / "template.yaml"
    template.write_text("Resources: {A: {Type: 'AWS::Serverless::Function', Properties: {}}}")
    started = local("run", LOCAL_TEMPLATE=str(template))
    assert started.returncode == 1
    assert "could not be deployed" in started.stdout


def test_the_real_template_comes_up_with_the_demo_data(local: Commands) -> None:
    """Rows of both businesses, and their ids in stack.json; seed brings them back."""
    assert local("run").returncode == 0
    ids = local.file("stack.json")["ids"]
    assert {org: {kind: len(found) for kind, found in kinds.items()} for org, kinds in ids.items()}
    assert len(ids["demo"]["lead"]) == len(ids["other"]["lead"]) == 300
    assert len(ids["demo"]["contact"]) == 150
    assert len(ids["demo"]["job"]) > 20
    table = _table(local, "appointments")
    row = {"org_id": "demo", "id": ids["demo"]["appointment_pending"][0]}
    table.put_item(Item=row | {"status": "confirmed", "start": "x", "version": 1})
    table.put_item(Item={"org_id": "demo", "id": "stray", "start": "x", "version": 1})
    assert local("seed").returncode == 0
    assert local.file("stack.json")["ids"] == ids
    assert table.get_item(Key=row)["Item"]["status"] == "pending"
    assert "Item" not in table.get_item(Key=row | {"id": "stray"})


def _table(local: Commands, name: str) -> Any:
    runtime = local.file("runtime.json")
    return boto3.resource(
        "dynamodb",
        endpoint_url=runtime["emulator_url"],
        region_name="us-east-1",
        aws_access_key_id="000000000000",
        aws_secret_access_key="test",
        aws_session_token=runtime["emulator_token"],
    ).Table(f"closedloop-{name}")
