"""The customers of bookings, as a reconciliation reads them: stale, merged, unknown."""

from __future__ import annotations

import pytest

from tests.square.many import DAY
from tests.square.world import TEN, World


def test_a_customer_is_read_again_after_a_day(world: World) -> None:
    """Not before; the job's own version and content have not changed."""
    world.seller.customer("c1", given_name="Dana")
    world.seller.book("b1", TEN + 3 * DAY, customer_id="c1")
    world.reconcile()
    world.seller.customer("c1", given_name="Daniela")
    assert world.later(hours=23).reconcile()["updated"] == 0
    assert world.job("b1")["customerCached"]["name"] == "Dana"
    assert world.later(hours=2).reconcile()["updated"] == 1
    assert world.job("b1")["customerCached"]["name"] == "Daniela"
    assert world.later(minutes=10).reconcile()["updated"] == 0


def test_a_customer_whom_square_does_not_know(world: World) -> None:
    """The job is there all the same, and Square is not asked again at each run."""
    world.seller.book("b1", TEN, customer_id="gone")
    world.reconcile()
    assert world.job("b1")["customerCached"]["id"] == "gone"
    asked = world.seller.calls["customers"]
    world.later(minutes=10).reconcile()
    assert world.seller.calls["customers"] == asked


@pytest.mark.parametrize("version", [0, 1])
def test_customers_that_were_merged(world: World, version: int) -> None:
    """The next run shows the new one's name and number, also where the booking kept its version."""
    world.seller.customer("c1", given_name="Dana", phone_number="+12125550142")
    world.seller.book("b1", TEN, customer_id="c1")
    world.reconcile()
    del world.seller.people["c1"]
    world.seller.customer("c9", given_name="Dana", family_name="Reyes", phone_number="+12125550199")
    world.seller.records["b1"] |= {"customer_id": "c9", "version": version}
    run = world.later(minutes=10).reconcile()
    assert (run["updated"], run["conflicts"]) == (1, 0)
    job = world.job("b1")
    assert job["square_customer_id"] == job["customerCached"]["id"] == "c9"
    known = job["customerCached"]
    assert (known["name"], known["phone"]) == ("Dana Reyes", "+12125550199")


def test_a_customer_whom_square_knows_no_more_is_not_forgotten(world: World) -> None:
    """The booking names the former one of a merge still: name and number stay on the job."""
    world.seller.customer("c1", given_name="Dana", phone_number="+12125550142")
    world.seller.book("b1", TEN + 3 * DAY, customer_id="c1")
    world.reconcile()
    del world.seller.people["c1"]
    world.later(hours=25).reconcile()
    known = world.job("b1")["customerCached"]
    assert (known["id"], known["name"], known["phone"]) == ("c1", "Dana", "+12125550142")
    asked = world.seller.calls["customers"]
    world.later(minutes=10).reconcile()
    assert world.seller.calls["customers"] == asked


def test_hundreds_of_customers_are_asked_for_together(world: World) -> None:
    """One call for all that the window needs."""
    for number in range(50):
        world.seller.customer(f"c{number}", given_name="A")
        world.seller.book(f"b{number}", TEN + number * DAY / 6, customer_id=f"c{number}")
    world.reconcile()
    assert (world.seller.calls["customers"], world.seller.calls["names"]) == (1, 1)
