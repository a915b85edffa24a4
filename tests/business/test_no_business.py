"""An account whose business has no settings: nothing of a business can be done or read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.actions import ActionCase, handlers
from tests.support.asking import ask

if TYPE_CHECKING:
    from tests.support.database import Database


@pytest.mark.parametrize("name", ["create_contact", "create_lead", "update_settings"])
def test_a_button_of_no_business_is_404(db: Database, org: str, name: str) -> None:
    """The rule needs the settings; nothing is made, and the refusal is in the journal."""
    case = ActionCase(name, handlers()[name])
    answer = case.press(org).sent_to(case)
    assert (answer.status, answer.code) == (404, "NOT_FOUND")
    assert [entry["result"] for entry in db.audit(org)] == ["NOT_FOUND"]
    assert not any(db.snapshot(org).values())


def test_the_settings_of_no_business_are_404(db: Database, org: str) -> None:
    """For an owner, who may read them."""
    assert ask("settings", org, groups="[owner]").status == 404
