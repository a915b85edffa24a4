"""The text that tells a customer that the work is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from closedloop import wiring
from tests.jobs.support import job
from tests.support.actions import ALICE, ActionCase, handlers

if TYPE_CHECKING:
    from tests.support.database import Database

PHONE = "+13125550142"
UPDATE = ActionCase("update_job", handlers()["update_job"])
ON = {"work_completed": True}


def ready(**fields: Any) -> dict[str, Any]:
    """A job whose work waits to be handed over."""
    customer = {"id": "SQC1", "name": "Dana Whitfield", "phone": PHONE, "cached_at": "then"}
    return job(**{"workStatus": "ready", "customerCached": customer, **fields})


class Shop:
    """An org with one job and one contact."""

    def __init__(self, db: Database, org: str, **contact: Any) -> None:
        self.db, self.org = db, org
        person = {"id": "con_1", "name": "Dana Whitfield", "phone": PHONE, "lead_status": "new"}
        db.put(org, {"jobs": [ready()], "contacts": [{**person, **contact}]})
        self.set(texts=ON)

    def set(self, **settings: Any) -> None:
        """What the business has decided."""
        wiring.forget_rows()  # as if half a minute had passed
        row = {"id": "settings", "name": "Bright Finish", "time_zone": "America/Chicago"}
        self.db.put(self.org, {"orgs": [{**row, **settings}]})

    def put(self, **fields: Any) -> None:
        """The job as it is to be."""
        self.db.put(self.org, {"jobs": [ready(**fields)]})

    def move(self, to: str, key: str | None = None, role: str = "owner") -> dict[str, Any]:
        """Press for the next step of the work."""
        press = UPDATE.press(self.org).body(f'{{"workStatus": "{to}"}}')
        press = press.by(ALICE, self.org, f"[{role}]").key(key or str(uuid4()))
        answer = press.sent_to(UPDATE)
        assert answer.status == 200, answer.text
        return dict(answer.json)

    def texts(self) -> list[dict[str, Any]]:
        """All texts of the org."""
        return self.db.rows("sms_logs", self.org)


@pytest.fixture
def shop(db: Database, org: str) -> Shop:
    """A business that has switched the text on."""
    return Shop(db, org)


def test_the_customer_is_told_once_that_the_work_is_done(shop: Shop) -> None:
    """With the commit, to the contact who has the number, ready to be sent; a repeat sends none."""
    answer = shop.move("completed", key="key-12345")
    (sms,) = shop.texts()
    assert answer["sms"] == {"id": sms["id"], "status": "pending"}
    assert (sms["person_table"], sms["person_id"], sms["outbox"]) == ("contacts", "con_1", "ready")
    assert sms["message"] == (
        "Hi Dana, Bright Finish is done: Hand wash. Thank you for coming to us!"
    )
    assert (sms["category"], sms["template_id"]) == ("transactional", "work_completed")
    assert shop.move("completed", key="key-12345") == answer
    assert "sms" not in shop.move("completed")
    assert len(shop.texts()) == 1


@pytest.mark.parametrize("texts", [None, {}, {"work_completed": False}])
def test_nothing_is_sent_unless_it_was_switched_on(shop: Shop, texts: Any) -> None:
    """Off is the default, and nothing is said of a text."""
    shop.set(**({} if texts is None else {"texts": texts}))
    assert shop.move("completed").keys() == {"success", "job"}
    assert shop.texts() == []


def test_other_steps_are_told_to_nobody(shop: Shop) -> None:
    """Only the end of the work."""
    for to in ("qc", "in_progress", "cancelled"):
        shop.put()
        assert shop.move(to).keys() == {"success", "job"}
    assert shop.texts() == []


def test_work_that_is_taken_up_again_is_not_told_twice(shop: Shop) -> None:
    """A correction is the shop's own affair."""
    for to in ("completed", "qc", "ready", "completed"):
        last = shop.move(to)
    assert last.keys() == {"success", "job"}
    assert len(shop.texts()) == 1


def test_a_customer_who_is_no_contact_becomes_one(shop: Shop) -> None:
    """The thread must be somebody's; two jobs of one number make one contact."""
    for number in range(2):
        customer = {"id": "SQC2", "name": "Sam Ortiz", "phone": "+13125550147", "cached_at": "x"}
        shop.put(customerCached=customer, notes=str(number))
        assert shop.move("completed")["sms"]["status"] == "pending"
    (made,) = [row for row in shop.db.rows("contacts", shop.org) if row["id"] != "con_1"]
    assert (made["name"], made["phone"], made["source"]) == ("Sam Ortiz", "+13125550147", "square")
    assert {sms["person_id"] for sms in shop.texts()} == {made["id"]}


@pytest.mark.parametrize(
    ("fields", "settings", "why"),
    [
        ({"customerCached": None}, {}, "no_phone"),
        ({"customerCached": {"id": "x", "name": "Dana", "cached_at": "x"}}, {}, "no_phone"),
        ({}, {"templates": {"work_completed": {"text": "Bay {bay} is empty"}}}, "template"),
    ],
)
def test_what_cannot_be_sent_keeps_no_work_from_being_completed(
    shop: Shop, fields: dict[str, Any], settings: dict[str, Any], why: str
) -> None:
    """The answer says why there is no text."""
    shop.set(texts=ON, **settings)
    shop.put(**fields)
    answer = shop.move("completed")
    assert (answer["job"]["workStatus"], answer["smsSkipped"]) == ("completed", why)
    assert shop.texts() == []


def test_who_sent_stop_is_not_told(db: Database, org: str) -> None:
    """The mark on the contact is enough; for others the worker looks the number up."""
    shop = Shop(db, org, opted_out_at="2026-11-01T10:00:00.000Z")
    assert shop.move("completed")["smsSkipped"] == "opted_out"
    assert shop.texts() == []


def test_a_person_gets_no_more_texts_than_the_business_allows(shop: Shop) -> None:
    """The limit of all texts counts here too, in the transaction itself."""
    shop.set(texts=ON, limits={"sms_per_person": 2})
    for sent in (True, True, False):
        shop.put()
        answer = shop.move("completed")
        assert ("sms" in answer) == sent
    assert answer["smsSkipped"] == "limit"
    assert len(shop.texts()) == 2


def test_a_template_of_the_own_is_used(shop: Shop) -> None:
    """A customer without a name is addressed all the same."""
    shop.set(texts=ON, templates={"work_completed": {"text": "{firstName}: {service} is done"}})
    customer = {"id": "SQC3", "phone": "+13125550148", "cached_at": "x"}
    shop.put(customerCached=customer)
    shop.move("completed")
    (sms,) = shop.texts()
    assert sms["message"] == "there: Hand wash is done"
