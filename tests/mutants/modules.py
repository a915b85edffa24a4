"""What is mutated, and the tests that are expected to notice, the likeliest first."""

from __future__ import annotations

_MATRICES = (
    "tests/matrices/test_scenarios.py",
    "tests/matrices/test_idempotency.py",
    "tests/matrices/test_isolation.py",
)
_EDGE = (
    *_MATRICES,
    "tests/matrices/test_authentication.py",
    "tests/matrices/test_bulk.py",
    "tests/dynamo/test_contention.py",
    "tests/matrices/test_deadline.py",
)
_TEXTS = ("tests/texts/test_rules.py", "tests/texts/test_rules_of_sending.py")

JUDGES: dict[str, tuple[str, ...]] = {
    "closedloop.bookings.appointments": ("tests/bookings", *_MATRICES),
    "closedloop.people.leads": ("tests/people", *_MATRICES),
    "closedloop.people.contacts": ("tests/people", *_MATRICES),
    "closedloop.people.call_back": ("tests/people", *_MATRICES),
    "closedloop.texts.segments": _TEXTS,
    "closedloop.texts.keywords": _TEXTS,
    "closedloop.texts.quiet_hours": _TEXTS,
    "closedloop.texts.consent": (*_TEXTS, *_MATRICES),
    "closedloop.realtime.subscriptions": (
        "tests/realtime/test_rules.py",
        "tests/realtime/test_messages.py",
    ),
    "closedloop.edge.once": _EDGE,
    "closedloop.edge.rounds": _EDGE,
    "closedloop.edge.http": _EDGE,
    "closedloop.edge.respond": _EDGE,
    "closedloop.edge.request": ("tests/matrices/test_bad_input.py", *_EDGE),
    "closedloop.edge.bulk": ("tests/matrices/test_bulk.py", *_MATRICES),
    "closedloop.dynamo.expressions": ("tests/dynamo", *_MATRICES),
}
"""Module → test files and folders. `make mutants MODULES=...` takes some of them."""
