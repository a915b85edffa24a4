"""Every button of the API that staff may press is pressed in a browser."""

from __future__ import annotations

import pytest

from tests.e2e.presses import WITHOUT_A_BUTTON, button_of, buttons, promised


def test_every_button_is_pressed() -> None:
    """A new button needs a journey that presses it, or a reason why nobody does."""
    assert set(promised()) == buttons().keys() - WITHOUT_A_BUTTON.keys()
    assert WITHOUT_A_BUTTON.keys() <= buttons().keys()


@pytest.mark.parametrize(
    ("method", "path", "button"),
    [
        ("POST", "/api/leads/update-status", "POST /api/leads/update-status"),
        ("POST", "/api/leads/lead_1/update-status", "POST /api/leads/{id}/update-status"),
        ("PATCH", "/api/contacts/con_1", "PATCH /api/contacts/{id}"),
        ("GET", "/api/contacts/con_1", None),
        ("POST", "/api/webhooks/square", None),
        ("POST", "/sandbox/faults", None),
    ],
)
def test_a_request_is_known_by_its_address(method: str, path: str, button: str | None) -> None:
    """What only programs call, and what only reads, is no button."""
    assert button_of(method, f"http://127.0.0.1:8787{path}?x=1") == button
