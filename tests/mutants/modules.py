"""What is mutated, and the tests that must notice: those of the feature itself."""

from __future__ import annotations

JUDGES: dict[str, tuple[str, ...]] = {
    "closedloop.bookings.appointments": (
        "tests/bookings/test_appointments.py",
        "tests/bookings/test_ending.py",
    ),
    "closedloop.people.leads": ("tests/people/test_leads.py",),
    "closedloop.people.contacts": ("tests/people/test_contacts.py",),
    "closedloop.people.call_back": ("tests/people/test_call_back.py",),
    "closedloop.texts.segments": ("tests/texts/test_rules.py",),
    "closedloop.texts.keywords": ("tests/texts/test_rules.py",),
    "closedloop.texts.quiet_hours": ("tests/texts/test_quiet_hours.py",),
    "closedloop.texts.consent": ("tests/texts/test_consent.py",),
    "closedloop.realtime.subscriptions": ("tests/realtime/test_subscriptions.py",),
    "closedloop.core.journal": ("tests/core/test_journal.py",),
    "closedloop.core.decision": ("tests/core/test_decision.py",),
    "closedloop.core.cursors": ("tests/core/test_cursors.py",),
    "closedloop.core.query": ("tests/core/test_query.py",),
    "closedloop.core.times": ("tests/core/test_times.py",),
    "closedloop.edge.once": (
        "tests/edge/test_once.py",
        "tests/matrices/test_refusals_slow_down.py",
        "tests/dynamo/test_contention.py",
        "tests/edge/test_bulk.py",
    ),
    "closedloop.edge.apply": ("tests/edge/test_apply.py",),
    "closedloop.edge.rounds": ("tests/edge/test_rounds.py",),
    "closedloop.edge.http": ("tests/edge/test_http.py",),
    "closedloop.edge.respond": ("tests/edge/test_respond.py",),
    "closedloop.edge.request": ("tests/edge/test_request.py",),
    "closedloop.edge.reads": ("tests/edge/test_reads.py",),
    "closedloop.edge.bulk": ("tests/edge/test_bulk.py",),
    "closedloop.dynamo.expressions": (
        "tests/dynamo/test_expressions.py",
        "tests/dynamo/test_counting.py",
        "tests/dynamo/test_places.py",
    ),
    "closedloop.dynamo.reads": ("tests/dynamo/test_reads.py",),
    "closedloop.dynamo.transaction": ("tests/dynamo/test_transaction.py",),
    "closedloop.dynamo.store": ("tests/dynamo/test_store.py", "tests/dynamo/test_contention.py"),
    "closedloop.dynamo.idempotency": ("tests/dynamo/test_store.py",),
}
"""Module → test files, the likeliest first. `make mutants MODULES=...` takes some of them."""
