"""Schemathesis, which knows our code by its description alone, asks every route over HTTP.

Requests that fit the description and requests that do not, by every role and by another business:
none is answered by a fault, and every answer is as described. The requests are the same in every
run.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from docs.api.generate import TARGET
from tests.integration.support import Api
from tests.support.actions import actions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import APIOperation, Case

    from local.stack import Stack

pytestmark = pytest.mark.stack

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]

UNREADABLE = b'"code": "BAD_REQUEST"'
"""The local front door's own word for what the emulator cannot pass on: AWS has no such answer."""

OPERATIONS: dict[str, APIOperation[Any, Any, Any, Any]] = {
    found.ok().label: found.ok()
    for found in schemathesis.openapi.from_path(TARGET).get_all_operations()
    if isinstance(found, Ok)
}

EXAMPLES = {GenerationMode.POSITIVE: 8, GenerationMode.NEGATIVE: 4}
"""How many requests of a route: those that fit its description, and those that do not."""

KNOWN = {"appointmentId": "apt_pending", "leadId": "lead_1", "leadIds": ["lead_1", "lead_2"]}
"""Rows that there are, for some of the bodies."""

_FIRST_SECONDS = 60
"""For a function that is asked for the first time on a machine with much to do."""

_keys = count()


class Caller:
    """Sends generated requests to one business, and counts what it was answered."""

    def __init__(self, stack: Stack) -> None:
        ours, theirs = Api(stack, "schemathesis"), Api(stack, "schemathesis-other")
        for case in actions():
            ours.database.put(ours.org, case.rows)
        self.url = stack.info["api_url"].removesuffix("/api")
        self.session = requests.Session()
        self.answers: dict[str, list[int]] = {}
        self.tokens = {
            **{role: ours.token(role, role) for role in ("owner", "manager", "staff")},
            "nobody": ours.token("nobody", role=""),
            "stranger": theirs.token("stranger", "owner"),
        }

    def send(self, case: Case[Any], role: str) -> None:
        """One request, as this role.

        Raises:
            FailureGroup: the answer is a fault or not as described.
        """
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        answer = case.call(
            base_url=self.url, session=self.session, headers=headers, timeout=_FIRST_SECONDS
        )
        self.answers.setdefault(case.operation.label, []).append(answer.status_code)
        if UNREADABLE not in answer.content:
            case.validate_response(answer, checks=CHECKS)


@pytest.fixture(scope="module")
def caller(stack: Stack) -> Iterator[Caller]:
    """Somebody who asks everything."""
    made = Caller(stack)
    yield made
    made.session.close()


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", OPERATIONS)
def test_an_answer_is_no_fault_and_as_described(
    label: str, mode: GenerationMode, caller: Caller
) -> None:
    """Whoever asks, and whatever is asked."""
    operation = OPERATIONS[label]

    @settings(
        max_examples=EXAMPLES[mode],
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(mode),
        role=st.sampled_from(sorted(caller.tokens)),
        known=st.booleans(),
    )
    def ask(case: Case[Any], role: str, known: bool) -> None:  # noqa: FBT001 - drawn
        if mode is GenerationMode.POSITIVE:
            _press_anew(case, known=known)
        caller.send(case, role)

    ask()


def test_what_fits_the_description_is_done(caller: Caller) -> None:
    """The requests above are not all refused: most routes have done what they are for."""
    done = {label for label, statuses in caller.answers.items() if min(statuses) < 300}
    assert len(caller.answers) == len(OPERATIONS)
    assert len(done) > len(OPERATIONS) / 2, sorted(OPERATIONS.keys() - done)


def _press_anew(case: Case[Any], *, known: bool) -> None:
    """A key of its own, and where `known` rows that there are."""
    headers = case.headers
    if headers.pop("Idempotency-Key", None) or "X-Idempotency-Key" in headers:
        headers["X-Idempotency-Key"] = f"schemathesis-{next(_keys)}"
    body: Any = case.body
    if known and isinstance(body, dict):
        body.update({name: row for name, row in KNOWN.items() if name in body})
