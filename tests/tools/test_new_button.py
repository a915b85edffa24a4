"""`make new-button`: what it makes passes the matrices as it is; what cannot be made is refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.template import ROOT
from tools.new_button import TABLES, Button, ButtonError, make

if TYPE_CHECKING:
    from pathlib import Path

PARTS = ("bench", "docs", "events", "functions", "layers", "local", "tests", "tools")
FILES = ("pyproject.toml", "template.yaml")
OF_BODY = ("move_booking", "POST /api/bookings/move")
OF_PATH = ("note_lead", "PATCH /api/leads/{id}/note")

MATRICES = ("tests/matrices", "tests/template", "tests/api", "tests/imports/test_address_labels.py")
CHOSEN = (
    "move_booking or (note_lead and event_file) or folder_is_a_function or stand_in_order"
    " or every_event_has"
)
"""All tests of one button, the event files of the other, and those of the whole that saw both."""


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """This tree, to be changed."""
    leave = shutil.ignore_patterns("__pycache__", ".hypothesis", "node_modules", "images")
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part, ignore=leave)
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def run(root: Path, *arguments: str) -> str:
    """The output of a Python module that ran in this tree and succeeded."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    env |= {"PYTHONPATH": "layers/common", "HYPOTHESIS_PROFILE": "fast"}
    command = [sys.executable, "-m", *arguments]
    ended = subprocess.run(
        command, cwd=root, env=env, capture_output=True, text=True, timeout=600, check=False
    )
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    return ended.stdout


@pytest.mark.timeout(900)
def test_a_button_passes_the_matrices_as_it_is_made(copied: Path) -> None:
    """Every test that finds buttons by itself finds this one, and has nothing against it."""
    for name, route in (OF_BODY, OF_PATH):
        made = run(copied, "tools.new_button", name, route).splitlines()
        assert len(made) == 8
        code = [each for each in made if each.endswith(".py")]
        run(copied, "ruff", "check", *code)
        run(copied, "ruff", "format", "--check", *code)
    run(copied, "docs.api.generate")
    chosen = ("-q", "-x", "-p", "no:cacheprovider", "-k", CHOSEN)
    assert " passed" in run(copied, "pytest", *chosen, *MATRICES)


@pytest.mark.parametrize(
    ("name", "route", "feature", "says"),
    [
        ("Reschedule", OF_BODY[1], "", "snake_case"),
        ("book", OF_BODY[1], "", "snake_case"),
        ("move_booking", "GET /api/bookings/move", "", "ROUTE"),
        ("move_booking", "POST bookings", "", "ROUTE"),
        ("turn_wheel", "POST /api/wheels/turn", "", "TABLE"),
        ("move_booking", OF_BODY[1], "kitchen", "no feature kitchen"),
        ("confirm_booking", OF_BODY[1], "", "is there already"),
        ("agree_booking", "POST /api/bookings/confirm", "", "another function's route"),
        ("ring_contact", "POST /api/contacts/{id}/call-back", "", "another function's route"),
    ],
)
def test_a_button_that_cannot_be_made_is_refused(
    copied: Path, name: str, route: str, feature: str, says: str
) -> None:
    """With a sentence that says what to give instead, before a file is written."""
    before = sorted(copied.rglob("*"))
    with pytest.raises(ButtonError, match=says):
        make(Button.of(name, route, feature), copied)
    assert sorted(copied.rglob("*")) == before


@pytest.mark.parametrize("table", TABLES)
def test_the_route_chooses_table_and_feature(table: str) -> None:
    """Each table's own word leads to it; the author may choose another."""
    button = Button.of("move_row", f"POST /api/{table}/move", table=table)
    assert (button.table, button.feature, button.field) == (table, *TABLES[table][:1], button.field)
    assert Button.of("move_row", "POST /api/bookings/move").feature == "bookings"
    assert Button.of("move_row", "POST /api/leads/{leadId}/move").field == "leadId"
    assert Button.of("move_row", "POST /api/leads/move", "texts", "calls").feature == "texts"
