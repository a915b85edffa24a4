"""A booking as the fields of a job: what is taken over, what is compared, what stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closedloop.jobs import model as jobs
from closedloop.square import model
from closedloop.square.booking import Catalog, content_hash, merged, told
from closedloop.square.customer import phone
from closedloop.square.model import Service

WIRE: dict[str, Any] = {
    "id": "i2id2g3enyspi7",
    "version": 1,
    "status": "ACCEPTED",
    "created_at": "2026-05-01T20:05:00Z",
    "updated_at": "2026-05-02T20:05:00Z",
    "start_at": "2026-06-02T14:00:00Z",
    "location_id": "L9",
    "customer_id": "C1",
    "customer_note": "mind the dog",
    "seller_note": "",
    "appointment_segments": [
        {
            "duration_minutes": 30,
            "intermission_minutes": 15,
            "service_variation_id": "wash",
            "service_variation_version": 1605808735978,
            "team_member_id": "T1",
        },
        {"duration_minutes": 45, "service_variation_id": "wax", "team_member_id": "T2"},
    ],
}
NAMES = Catalog({"wash": Service("wash", "Wash", price_cents=4000), "wax": Service("wax", "Wax")})
SQUARES = ("appointmentTime", "serviceType", "customer_note")


def read(**changes: Any) -> model.Booking:
    """The booking with these changes."""
    return model.booking({**WIRE, **changes})


def row(**changes: Any) -> dict[str, Any]:
    """A job that was made of the booking."""
    said = told(read(), "UTC", NAMES)
    made = jobs.new(
        said.id,
        said.fields,
        created_by="webhook",
        square_version=said.version,
        square_hash=said.hash,
    )
    return {**made.set, "id": said.id, **changes}


def test_the_fields_of_a_job() -> None:
    """Names, parts and times of one booking of two parts; 64-bit versions survive."""
    said = told(read(), "America/New_York", NAMES)
    assert said.fields["appointmentTime"] == "2026-06-02T14:00:00Z"
    assert said.fields["serviceType"] == "Wash + Wax"
    assert said.fields["time_zone"] == "America/New_York"
    assert said.fields["segments"][0] == {
        "duration_minutes": 30,
        "intermission_minutes": 15,
        "service_variation_id": "wash",
        "service_variation_version": 1605808735978,
        "team_member_id": "T1",
        "service_name": "Wash",
        "price_cents": 4000,
    }
    assert "seller_note" not in said.fields
    assert row()["end"] == "2026-06-02T15:30:00Z"


def test_only_fields_of_square_come_out() -> None:
    """Whatever a booking holds, also under the names of the staff's fields."""
    stranger = dict.fromkeys(jobs.STAFF_OWNED, "x")
    said = told(model.booking({**WIRE, **stranger}), "UTC", NAMES)
    assert said.fields.keys() <= set(jobs.FROM_SQUARE)
    changed = merged(row(), told(read(**stranger, customer_note="other"), "UTC", NAMES))
    assert changed.set.keys() == {"customer_note"}
    assert not {*changed.set, *changed.clashes} & {*jobs.STAFF_OWNED}


@pytest.mark.parametrize(
    "same",
    [
        {"start_at": "2026-06-02T14:00:00.000+00:00"},
        {"start_at": "2026-06-02T10:00:00-04:00"},
        {"customer_note": " mind the dog\n"},
        {"seller_note": None},
        {"updated_at": "2027-01-01T00:00:00Z", "version": 7},
        {"something_new": {"of": "Square's"}},
    ],
)
def test_the_hash_is_of_the_content(same: dict[str, Any]) -> None:
    """However it is written; the version and Square's clock are no content."""
    assert content_hash(read(**same)) == content_hash(read())
    turned = model.booking(dict(reversed(list(WIRE.items()))))
    assert content_hash(turned) == content_hash(read())


@pytest.mark.parametrize(
    "other",
    [
        {"start_at": "2026-06-02T14:15:00Z"},
        {"status": "NO_SHOW"},
        {"customer_note": ""},
        {"customer_id": "C2"},
        {"appointment_segments": WIRE["appointment_segments"][:1]},
        {"appointment_segments": WIRE["appointment_segments"][::-1]},
        {"transition_time_minutes": 15},
        {"all_day": True},
        {"address": {"locality": "Reno"}},
    ],
)
def test_another_content_has_another_hash(other: dict[str, Any]) -> None:
    """Each thing that a job takes over."""
    assert content_hash(read(**other)) != content_hash(read())


def test_only_we_have_changed_a_field() -> None:
    """Ours stays, at every reading of the same booking."""
    found = merged(row(customer_note="ours"), told(read(), "UTC", NAMES))
    assert (found.set, found.clashes) == ({}, {})


def test_only_square_has_changed_a_field() -> None:
    """Square's is taken over; the end follows the start."""
    found = merged(row(), told(read(start_at="2026-06-03T14:00:00Z"), "UTC", NAMES))
    assert found.set == {
        "appointmentTime": "2026-06-03T14:00:00Z",
        "start": "2026-06-03T14:00:00Z",
        "end": "2026-06-03T15:30:00Z",
    }
    assert found.clashes == {}


def test_both_have_changed_it_alike() -> None:
    """Nothing is to be done, and nothing is in dispute."""
    found = merged(row(customer_note="both"), told(read(customer_note="both"), "UTC", NAMES))
    assert (found.set, found.clashes) == ({}, {})


def test_both_have_changed_it_differently() -> None:
    """Ours stays where it is, and both values are handed over."""
    found = merged(row(customer_note="ours"), told(read(customer_note="theirs"), "UTC", NAMES))
    assert found.set == {}
    assert found.clashes == {"customer_note": ("ours", "theirs")}
    assert found.square["customer_note"] == "theirs"


@given(st.data())
def test_three_values_of_a_field(data: st.DataObject) -> None:
    """Ours, Square's last and Square's new one, in any combination: the rule in three lines."""
    value = st.sampled_from(["a", "b", "c"])
    ours, before, theirs = (data.draw(value) for _ in range(3))
    job = row(customer_note=ours)
    job["square"] = {**job["square"], "customer_note": before}
    found = merged(job, told(read(customer_note=theirs), "UTC", NAMES))
    wanted_set = {"customer_note": theirs} if ours == before != theirs else {}
    clash = len({ours, before, theirs}) == 3 or (ours != before and theirs not in (before, ours))
    assert found.set == wanted_set
    assert found.clashes == ({"customer_note": (ours, theirs)} if clash else {})


def test_names_are_those_of_the_time_of_booking() -> None:
    """A rename or a new price changes no job that has its names; another version may."""
    later = Catalog(
        {"wash": Service("wash", "Deluxe", price_cents=9000), "wax": NAMES.services["wax"]}
    )
    assert told(read(), "UTC", later, row()).fields["serviceType"] == "Wash + Wax"
    segments = [dict(each) for each in WIRE["appointment_segments"]]
    segments[0]["service_variation_version"] += 1
    new = told(read(appointment_segments=segments), "UTC", later, row())
    assert new.fields["serviceType"] == "Deluxe + Wax"
    assert new.fields["segments"][0]["price_cents"] == 9000


def test_a_service_that_is_gone_is_never_blank() -> None:
    """Deleted from the catalog, or not asked for yet: the words stay, and it is known which."""
    segments = [{"duration_minutes": 30, "service_variation_id": "gone"}]
    booking = read(appointment_segments=segments)
    asked = told(booking, "UTC", Catalog({}, frozenset({"gone"})), row())
    assert (asked.fields["serviceType"], asked.named) == ("Wash + Wax", True)
    unasked = told(booking, "UTC", row=row())
    assert (unasked.fields["serviceType"], unasked.named) == ("Wash + Wax", False)
    assert told(booking, "UTC").fields["serviceType"] == "Appointment"


def test_a_status_that_nobody_knows_is_kept() -> None:
    """As Square wrote it, and told apart."""
    said = told(read(status="WAITLISTED"), "UTC", NAMES)
    assert (said.fields["booking_status"], said.strange, said.off) == ("WAITLISTED", True, False)
    assert not told(read(), "UTC", NAMES).strange


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+1 212-555-0142", "+12125550142"),
        ("(212) 555 0142", "+12125550142"),
        ("1.212.555.0142", "+12125550142"),
        ("+49 30 1234567", "+49301234567"),
        ("0412345678", None),
        ("ask Dana", None),
        ("", None),
    ],
)
def test_numbers_as_somebody_typed_them(typed: str, number: str | None) -> None:
    """E.164 where it is clear; otherwise none, rather than a wrong one."""
    assert phone(typed) == number
