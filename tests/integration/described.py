"""The routes as docs/api/openapi.json has them, and requests that Schemathesis makes of that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from docs.api.generate import TARGET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemathesis import APIOperation, Case

    from local.stack import Stack

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

_FIRST_SECONDS = 60
"""For a function that is asked for the first time on a machine with much to do."""


class Asking:
    """Sends generated requests, and counts what it was answered by route."""

    def __init__(self, stack: Stack) -> None:
        self.url = stack.info["api_url"].removesuffix("/api")
        self.session = requests.Session()
        self.answers: dict[str, list[int]] = {}

    def send(self, case: Case[Any], headers: Mapping[str, str]) -> Any:
        """One request with these headers.

        Raises:
            FailureGroup: the answer is a fault or not as described.
        """
        given: Any = dict(headers)
        answer = case.call(
            base_url=self.url, session=self.session, headers=given, timeout=_FIRST_SECONDS
        )
        self.answers.setdefault(case.operation.label, []).append(answer.status_code)
        if UNREADABLE not in answer.content:
            case.validate_response(answer, checks=CHECKS)
        return answer


def drawn(examples: int) -> settings:
    """So many requests, the same in every run."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
