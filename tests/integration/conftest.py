"""The local stack, shared by all tests over HTTP; IAM is enforced in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.stack import Stack
from tests.integration.support import Api

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The running stack."""
    with Stack(tmp_path_factory.mktemp("stack")) as started:
        yield started


@pytest.fixture
def api(stack: Stack, org: str) -> Api:
    """The API as the staff of a new org call it."""
    return Api(stack, org)
