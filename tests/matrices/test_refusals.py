"""Every refusal that a rule documents has a scenario that meets it."""

from __future__ import annotations

from typing import Any

import pytest

from closedloop.edge.reads import ReadApi
from docs.api.refusals import named_by
from tests.support.actions import cases, event_of, given, handlers, scenarios

MET_ELSEWHERE = {
    (
        "read_api",
        "GET /api/me",
        "FORBIDDEN",
    ): "an org without settings: tests/bookings/test_views.py",
    (
        "add_photo",
        "POST /api/jobs/{id}/photos",
        "RATE_LIMITED",
    ): "an org that has added its photos of the day: tests/jobs/test_photos.py",
    **{
        (folder, route, "NOT_FOUND"): "an org without settings: tests/business/test_no_business.py"
        for folder, route in (
            ("create_contact", "POST /api/contacts"),
            ("create_lead", "POST /api/leads"),
            ("update_settings", "PATCH /api/settings"),
            ("read_api", "GET /api/settings"),
        )
    },
}
"""What the rows of given.json rule out, and the test that meets it."""


def promised() -> list[Any]:
    """Function, route and code of every refusal that a rule's or a view's `Raises:` names."""
    buttons: list[tuple[str, str, Any]] = [
        (each.name, " ".join(each.route), each.use_case) for each in cases()
    ]
    apis = [(name, each) for name, each in handlers().items() if isinstance(each, ReadApi)]
    views = [(name, route, view) for name, api in apis for route, (_, view) in api.routes.items()]
    return [
        pytest.param(folder, route, error.code, id=f"{folder}-{route}-{error.code}")
        for folder, route, rule in (*buttons, *views)
        for error in named_by(rule)
        if (folder, route, error.code) not in MET_ELSEWHERE
    ]


@pytest.mark.parametrize(("folder", "route", "code"), promised())
def test_a_documented_refusal_has_a_scenario(folder: str, route: str, code: str) -> None:
    """What `Raises:` says is pressed; tests/matrices/test_scenarios sees that it is met."""
    found = {
        given(function)["expect"][name].get("code")
        for function, name in scenarios()
        if function == folder and event_of(function, name)["routeKey"] == route
    }
    assert code in found, (
        f"No scenario of {route} meets {code}, which the rule's Raises: names: add a file to "
        f'events/{folder}/ and its line to "expect" in given.json.'
    )
