"""The lab: a small stack of every kind of part, shared by the tests of this folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from local.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator

_LAB = Path(__file__).parent / "lab"


@pytest.fixture(scope="package")
def lab_sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lab's own copy of its sources: a test may save a file there."""
    return Path(shutil.copytree(_LAB, tmp_path_factory.mktemp("sources") / "lab"))


@pytest.fixture(scope="package")
def lab(lab_sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The running lab, watching its sources."""
    template = lab_sources / "template.yaml"
    with Stack(tmp_path_factory.mktemp("lab"), template=template, watch=True) as stack:
        yield stack
