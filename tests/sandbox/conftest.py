"""The local stack with its stand-ins, shared by the tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.stack import Stack
from tests.sandbox.support import Sandbox
from tests.support.square import selling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.square import Selling


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The running stack."""
    with Stack(tmp_path_factory.mktemp("sandbox")) as started:
        yield started


@pytest.fixture
def sandbox(running: Stack) -> Iterator[Sandbox]:
    """The sandbox of the running stack, without trouble before and after."""
    found = Sandbox(running)
    found.calm()
    yield found
    found.calm()


@pytest.fixture
def square() -> Iterator[Selling]:
    """Square with one seller, in this process."""
    with selling() as found:
        yield found
