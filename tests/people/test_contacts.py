"""What may be written about a person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from closedloop.core.decision import Actor, Context
from closedloop.core.writes import Change, Check, OneOf
from closedloop.people.contacts import STATUSES, UpdateContact, update
from closedloop.people.errors import ContactChangedError

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ACTOR = Actor("u1", "u1@example.com", "demo", frozenset({"staff"}))


def context(**row: object) -> Context:
    """The rule's context, with the contact as it is if a row is given."""
    seen = {("contacts", "con_1"): {"id": "con_1", "version": 5, **row}} if row else {}
    return Context(ACTOR, "update_contact", "key-12345", NOW, seen)


def changed(seen: Context, **fields: Any) -> tuple[Change, dict[str, Any]]:
    """The change that the rule decides on, and the contact that it answers with."""
    decided = update(UpdateContact.model_validate({"id": "con_1", **fields}), seen)
    (change,) = decided.writes
    assert isinstance(change, Change)
    return change, dict(decided.reply.body["contact"])


@pytest.mark.parametrize("name", ["\u200b", "A\x00na", "Ana\u202e", "Ana\nOrtiz"])
def test_a_name_hides_nothing(name: str) -> None:
    """It is shown beside other words, read aloud and written into texts."""
    with pytest.raises(ValidationError):
        UpdateContact.model_validate({"id": "con_1", "name": name})


@pytest.mark.parametrize(
    "fields",
    [{}, {"expectedVersion": 5}, {"lead_status": None}, {"name": None}, {"sms_consent": None}],
)
def test_a_body_that_changes_nothing_or_clears_too_much_does_not_fit(
    fields: dict[str, Any],
) -> None:
    """Something must be named, and status, name and consent are always there."""
    with pytest.raises(ValidationError):
        UpdateContact.model_validate({"id": "con_1", **fields})


@pytest.mark.parametrize("field", ["phone", "email", "notes"])
def test_what_a_person_may_lack_can_be_cleared(field: str) -> None:
    """Null removes the field, whatever else the row holds, and moves no status."""
    change, contact = changed(context(), **{field: None})
    assert (change.set, change.assume) == ({field: None}, {})
    assert contact == {
        "id": "con_1", field: None, "updated_at": "2026-11-20T12:00:00.000Z",
        "version": context().version,
    }  # fmt: skip


@pytest.mark.parametrize("seen", [context(), context(lead_status="contacted"), context(name="A")])
def test_a_new_status_is_dated(seen: Context) -> None:
    """It is written while the contact has another one, with the moment of the change."""
    change, contact = changed(seen, lead_status="booked")
    assert change.set == {"lead_status": "booked", "lead_status_changed_at": seen.timestamp}
    assert change.assume == {
        "lead_status": OneOf(tuple(each for each in STATUSES if each != "booked"))
    }
    assert contact["lead_status_changed_at"] == seen.timestamp


def test_the_status_that_it_has_changes_nothing() -> None:
    """A success that writes nothing and tells the times that are kept, no others."""
    kept = {"lead_status": "booked", "lead_status_changed_at": "then", "updated_at": "later"}
    asked = UpdateContact.model_validate({"id": "con_1", "lead_status": "booked"})
    decided = update(asked, context(**kept, notes="private"))
    assert decided.writes == (Check("contacts", "con_1", {"version": 5}),)
    assert decided.reply.body["contact"] == {"id": "con_1", "version": 5, **kept}


def test_the_status_that_it_has_beside_another_field() -> None:
    """The other field is written; the status stays as it is, and so does its date."""
    seen = context(lead_status="booked", lead_status_changed_at="then")
    change, contact = changed(seen, lead_status="booked", notes="Call first.")
    assert (change.set, change.assume) == ({"notes": "Call first."}, {})
    assert (contact["lead_status"], contact["notes"]) == ("booked", "Call first.")
    assert "lead_status_changed_at" not in contact


def test_the_version_that_the_screen_showed_is_held() -> None:
    """It is part of the condition, and a row that is known to have another is refused."""
    for seen in (context(), context(name="Ana")):
        change, _ = changed(seen, name="Eva", expectedVersion=5)
        assert (change.set, change.assume) == ({"name": "Eva"}, {"version": 5})
    with pytest.raises(ContactChangedError) as refused:
        changed(context(name="Ana"), name="Eva", expectedVersion=4)
    assert refused.value.body["contact"]["version"] == 5
