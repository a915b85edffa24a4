"""Schemathesis, which knows our code by its description alone, asks every route over HTTP.

Requests that fit the description and requests that do not, by every role and by another business:
none is answered by a fault, and every answer is as described. The requests are the same in every
run.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.integration.described import OPERATIONS, Asking, drawn
from tests.integration.support import Api
from tests.support.actions import actions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import Case

    from local.stack import Stack

pytestmark = pytest.mark.stack

ROUTES = [label for label in OPERATIONS if "/api/vapi/" not in label]
"""Those of the agent have their own credential: test_schemathesis_tools."""

EXAMPLES = {GenerationMode.POSITIVE: 8, GenerationMode.NEGATIVE: 4}
"""How many requests of a route: those that fit its description, and those that do not."""

KNOWN = {"appointmentId": "apt_pending", "leadId": "lead_1", "leadIds": ["lead_1", "lead_2"]}
"""Rows that there are, for some of the bodies."""

_keys = count()


class Caller(Asking):
    """Sends generated requests to one business, as any of its people and as somebody else's."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack)
        ours, theirs = Api(stack, "schemathesis"), Api(stack, "schemathesis-other")
        for case in actions():
            ours.database.put(ours.org, case.rows)
        self.tokens = {
            **{role: ours.token(role, role) for role in ("owner", "manager", "staff")},
            "nobody": ours.token("nobody", role=""),
            "stranger": theirs.token("stranger", "owner"),
        }


@pytest.fixture(scope="module")
def caller(stack: Stack) -> Iterator[Caller]:
    """Somebody who asks everything."""
    made = Caller(stack)
    yield made
    made.session.close()


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", ROUTES)
def test_an_answer_is_no_fault_and_as_described(
    label: str, mode: GenerationMode, caller: Caller
) -> None:
    """Whoever asks, and whatever is asked."""
    operation = OPERATIONS[label]

    @drawn(EXAMPLES[mode])
    @given(
        case=operation.as_strategy(mode),
        role=st.sampled_from(sorted(caller.tokens)),
        known=st.booleans(),
    )
    def ask(case: Case[Any], role: str, known: bool) -> None:  # noqa: FBT001 - drawn
        if mode is GenerationMode.POSITIVE:
            _press_anew(case, known=known)
        caller.send(case, {"Authorization": f"Bearer {caller.tokens[role]}"})

    ask()


def test_what_fits_the_description_is_done(caller: Caller) -> None:
    """The requests above are not all refused: most routes have done what they are for."""
    done = {label for label, statuses in caller.answers.items() if min(statuses) < 300}
    assert len(caller.answers) == len(ROUTES)
    assert len(done) > len(ROUTES) / 2, sorted(set(ROUTES) - done)


def _press_anew(case: Case[Any], *, known: bool) -> None:
    """A key of its own, and where `known` rows that there are."""
    headers = case.headers
    if headers.pop("Idempotency-Key", None) or "X-Idempotency-Key" in headers:
        headers["X-Idempotency-Key"] = f"schemathesis-{next(_keys)}"
    body: Any = case.body
    if known and isinstance(body, dict):
        body.update({name: row for name, row in KNOWN.items() if name in body})
