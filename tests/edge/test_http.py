"""A button: who may press it, and what is ready before it is pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from closedloop import wiring
from closedloop.bookings.appointments import ConfirmBooking, confirm
from closedloop.edge.http import Action, action
from tests.support.actions import ActionCase

if TYPE_CHECKING:
    from tests.support.database import Database


def button(*roles: Any) -> ActionCase:
    """Confirming, for those in these roles."""
    made = action("confirm_booking", ConfirmBooking, roles=set(roles))(confirm)
    assert isinstance(made, Action)
    return ActionCase("confirm_booking", made)


def test_those_whom_it_names_may_press_it(db: Database, org: str) -> None:
    """One role of several is enough; who has none of them is refused, and it is written down."""
    case = button("owner", "manager")
    db.put(org, case.rows)
    for groups in ("[staff]", "[]"):
        answer = case.press(org).by("alice", org, groups).sent_to(case)
        assert (answer.status, answer.code) == (403, "FORBIDDEN")
    assert case.press(org).by("alice", org, "[staff manager]").sent_to(case).status == 200
    assert [each["result"] for each in db.audit(org)] == ["FORBIDDEN", "FORBIDDEN", "ok"]


@pytest.mark.parametrize("name", [None, "confirm_booking"])
def test_a_sandbox_is_ready_before_its_first_press(
    db: Database, monkeypatch: pytest.MonkeyPatch, name: str | None
) -> None:
    """In Lambda both sides of the database are built as it loads; elsewhere nothing is."""
    assert db.client
    monkeypatch.delenv("AWS_LAMBDA_FUNCTION_NAME", raising=False)
    if name:
        monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", name)
    wiring.forget()
    button("staff")
    for side in (wiring.store, wiring.reads):
        assert side.cache_info().currsize == int(bool(name))
