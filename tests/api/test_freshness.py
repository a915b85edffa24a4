"""The checked-in description of the API is what the code says, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from docs.api import document
from docs.api.generate import TARGET, main, stale
from tests.support.template import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_file_is_fresh() -> None:
    """docs/api/openapi.json is what `python -m docs.api.generate` would write now."""
    assert stale() is None


def test_the_command_needs_nothing_and_always_says_the_same() -> None:
    """It runs from a plain checkout, and no order of a set gets into the file."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    done = subprocess.run(
        [sys.executable, "-m", "docs.api.generate", "--check"],
        cwd=ROOT,
        env=clean | {"PYTHONHASHSEED": seed},
        check=False,
    )
    assert done.returncode == 0


def test_a_stale_file_is_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One changed byte: exit 1 and a sentence that says what to do; nothing is written."""
    file = tmp_path / "openapi.json"
    text = TARGET.read_text(encoding="utf-8").replace("409", "410", 1)
    file.write_text(text, encoding="utf-8")
    assert main(["--check"], file) == 1
    said = capsys.readouterr().err
    assert said == "openapi.json is older than the code: run `python -m docs.api.generate`.\n"
    assert file.read_text(encoding="utf-8") == text


def test_a_missing_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No file: exit 1 and a sentence."""
    assert main(["--check"], tmp_path / "openapi.json") == 1
    assert capsys.readouterr().err.startswith("openapi.json is missing")


def test_writing_makes_it_fresh(tmp_path: Path) -> None:
    """The command writes what the check has found to be fresh."""
    file = tmp_path / "openapi.json"
    assert main([], file) == 0
    assert file.read_bytes() == TARGET.read_bytes()


def test_what_cannot_be_described_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part of the API that nobody has described: exit 1, where to say it, and no file."""
    monkeypatch.setattr(document, "TAGS", {"leads": "Persons."})
    file = tmp_path / "openapi.json"
    assert (main([], file), file.exists()) == (1, False)
    assert (
        "Say in TAGS of docs/api/document.py what is under appointments" in capsys.readouterr().err
    )
