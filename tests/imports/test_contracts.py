"""Each import contract of pyproject.toml refuses a violation that is planted for it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.support.template import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LAYER = ROOT / "layers" / "common" / "closedloop"
CONTRACTS = {
    each["name"]
    for each in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
}

VIOLATIONS = {
    "Imports point one way: features, edge, wiring, database, core": (
        "people/leads.py",
        "from closedloop.texts import compose",
    ),
    "The database and AWS are reached through wiring": (
        "texts/handlers/worker.py",
        "from closedloop.dynamo import store",
    ),
    "Only edges, handlers and features' wirings use the wiring": (
        "people/contacts.py",
        "from closedloop import wiring",
    ),
    "Only handlers use a feature's wiring": (
        "texts/compose.py",
        "from closedloop.texts import wiring",
    ),
    "Only a wiring builds clients": (
        "texts/handlers/worker.py",
        "from closedloop.texts.clients import twilio",
    ),
    "Only handlers use the edge": ("people/contacts.py", "from closedloop.edge import http"),
    "Nothing imports handlers": (
        "texts/compose.py",
        "from closedloop.texts.handlers import worker",
    ),
    "boto3 stands in clients alone": ("people/contacts.py", "import boto3"),
    "Powertools stands in the frame and in clients of AWS alone": (
        "texts/handlers/worker.py",
        "import aws_lambda_powertools",
    ),
    "Vendors' packages stand in clients alone": ("texts/handlers/worker.py", "import twilio"),
}


def broken(folder: Path) -> set[str]:
    """The contracts that a copy of the package breaks."""
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        line.removesuffix(" BROKEN")
        for line in done.stdout.splitlines()
        if line.endswith(" BROKEN")
    }


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package with the project's contracts."""
    shutil.copytree(LAYER, tmp_path / "closedloop", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_has_a_planted_violation() -> None:
    """A contract that nothing has tried to break is a wish."""
    assert VIOLATIONS.keys() == CONTRACTS


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_planted_violation_is_refused(package: Path, contract: str) -> None:
    """By the contract that it is planted for."""
    name, line = VIOLATIONS[contract]
    path = package / "closedloop" / name
    future = "from __future__ import annotations\n"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(future, f"{future}{line}\n", 1), encoding="utf-8")
    assert contract in broken(package)


@pytest.mark.parametrize("vendor", ["requests", "urllib3"])
def test_every_vendor_is_kept_to_clients(package: Path, vendor: str) -> None:
    """Not the one alone that the violation above is planted with."""
    path = package / "closedloop" / "texts" / "handlers" / "worker.py"
    future = "from __future__ import annotations\n"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(future, f"{future}import {vendor}\n", 1), encoding="utf-8")
    assert "Vendors' packages stand in clients alone" in broken(package)


def test_a_module_that_no_contract_names_is_refused(package: Path) -> None:
    """A new folder must be given its place before anything may import it."""
    (package / "closedloop" / "newcomer").mkdir()
    (package / "closedloop" / "newcomer" / "__init__.py").touch()
    assert "Imports point one way: features, edge, wiring, database, core" in broken(package)


def test_the_package_breaks_no_contract(package: Path) -> None:
    """Otherwise the violations above would prove nothing."""
    assert broken(package) == set()
