"""How tests are spread over workers."""

from __future__ import annotations

import pytest

from tests.support.schedule import STACKS, group


@pytest.mark.parametrize(
    "nodeid",
    [
        "tests/e2e/test_today.py::test_a",
        "tests/local/lab/test_b.py::test_b[x::y]",
        "tests/realtime/test_stack.py::test_c",
    ],
)
def test_what_needs_a_stack_is_one_group(nodeid: str) -> None:
    """Two stacks at once would build the web client twice, in one folder."""
    assert group(nodeid) == STACKS


def test_a_file_is_a_group() -> None:
    """What it has cached is shared by its tests and by nobody else's."""
    one, other = "tests/texts/test_rules.py", "tests/people/test_rules.py"
    assert group(f"{one}::test_a") == group(f"{one}::test_b[1]") != group(f"{other}::test_a")
