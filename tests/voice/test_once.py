"""Once: the same call is answered the same, a repeat gets the first success, a new wish is new."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.voice.world import PHONE, World

if TYPE_CHECKING:
    import pytest

    from closedloop.core.rows import Row

SLOT = {"date": "tomorrow", "time": "3 p.m."}


def states(world: World) -> list[str]:
    """What became of the org's holds."""
    return sorted(row["hold_status"] for row in world.holds())


def test_the_same_call_again_is_the_same_bytes(world: World) -> None:
    """A retry of the platform: each answer as the first time, also when things have moved on."""
    call = world.call()
    check = ("check-availability", {"date": "tomorrow"})
    first = world.post(call.envelope(check, ids=["a"]))
    body = call.envelope(("reserve-atomic", SLOT), ids=["b"])
    held = world.post(body)
    hold = world.holds()[0]["id"].removeprefix("hold#")
    sent = world.post(call.envelope(("send-otp", {"holdId": hold}), ids=["c"]))
    code = {"holdId": hold, "code": world.code()}
    booked = world.post(call.envelope(("verify-otp", code), ids=["d"]))
    before = world.db.snapshot(world.org)
    world.later(minutes=30)
    again = [
        world.post(call.envelope(asked, ids=[name]))
        for name, asked in (
            ("a", check), ("b", ("reserve-atomic", SLOT)), ("c", ("send-otp", {"holdId": hold})),
            ("d", ("verify-otp", code)),
        )
    ]  # fmt: skip
    assert [each.text for each in again] == [each.text for each in (first, held, sent, booked)]
    assert world.db.snapshot(world.org) == before


def test_a_repeat_with_another_id_gets_the_first_success(world: World) -> None:
    """The model asks again: its own hold, the same code, the same booking; nothing is doubled."""
    call = world.call()
    held = [call.ask("reserve-atomic", **SLOT) for _ in range(2)]
    hold = world.holds()[0]["id"].removeprefix("hold#")
    sent = [call.ask("send-otp", holdId=hold) for _ in range(2)]
    code = world.code()
    booked = [call.ask("verify-otp", holdId=hold, code=code) for _ in range(2)]
    assert [len(set(each)) for each in (held, sent, booked)] == [1, 1, 1]
    assert (len(world.holds()), len(world.booked()), len(world.twilio.accepted)) == (1, 1, 1)


def test_repeats_at_once_hold_once(world: World) -> None:
    """The same wish four times in parallel, with ids of their own: one hold, equal successes."""
    call = world.call()
    bodies = [call.envelope(("reserve-atomic", SLOT)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(world.post, bodies))
    lines = {each.json["results"][0]["result"] for each in answers}
    assert (len(lines), states(world)) == (1, ["held"])


def test_another_time_in_the_call_frees_the_first(world: World) -> None:
    """The caller changes his mind: the new time is won and the old one free, in one commit."""
    call = world.call()
    first = call.hold()
    second = call.hold(time="4 p.m.")
    assert first != second
    assert states(world) == ["held", "released"]
    assert world.call("+17735550101").hold()  # the first one is free at once


def test_the_second_of_two_bays_is_not_taken_by_a_repeat(world: World) -> None:
    """Asked by its words again, a caller keeps the bay that it has."""
    world.set(resources=[{"id": "bay", "name": "Bay", "capacity": 2}])
    call = world.call()
    assert call.hold() == call.hold()
    assert states(world) == ["held"]


def test_a_call_of_another_business_with_the_same_ids_is_another_call(
    world: World, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ids of calls and tools are the platform's: they say nothing across businesses."""
    call = world.call()
    body = call.envelope(("reserve-atomic", SLOT), ids=["same"])
    world.post(body)
    other = World(world.db, monkeypatch, f"{org}-other")
    answer = other.post(body)
    assert answer.json["results"][0]["result"].startswith("I'm holding")
    assert (len(world.holds()), len(other.holds())) == (1, 1)
    stolen = other.tool("send_otp", holdId=world.holds()[0]["id"].removeprefix("hold#"))
    assert stolen.status == 404


def test_a_bare_caller_may_do_without_a_key(world: World) -> None:
    """The rules make its repeat safe: the same caller gets its own hold back."""
    wish: Row = {"date": "tomorrow", "time": "15:00", "phone": PHONE}
    answers = [world.tool("reserve_atomic", **wish) for _ in range(2)]
    assert [each.status for each in answers] == [200, 200]
    assert answers[0].json["hold"] == answers[1].json["hold"]


def test_a_bare_callers_key_is_kept(world: World) -> None:
    """As any button's; its check of the calendar is kept too where a key came with it."""
    wish: Row = {"date": "tomorrow", "time": "15:00", "phone": PHONE}
    key = str(uuid4())
    first = world.tool("reserve_atomic", key=key, **wish)
    assert world.tool("reserve_atomic", key=key, **wish).replayed
    assert world.tool("reserve_atomic", key=key, **wish).text == first.text
    check = world.tool("check_availability", key=key, date="tomorrow")
    world.call("+17735550101").hold(time="4 p.m.")
    assert world.tool("check_availability", key=key, date="tomorrow").text == check.text
    assert world.tool("check_availability", date="tomorrow").text != check.text


def test_one_looks_without_leaving_a_trace(world: World) -> None:
    """A bare check without a key writes nothing."""
    before = world.db.audit(world.org)
    assert world.tool("check_availability", date="tomorrow").status == 200
    assert world.db.audit(world.org) == before


def test_the_journal_says_voice_and_the_call(world: World) -> None:
    """Who did it, and in which call: from there to the text's callback it is one key."""
    call = world.call()
    call.proved()
    entries = world.db.audit(world.org)
    spoken = [each for each in entries if each["actor"]["id"] == "voice"]
    assert {each["action"] for each in spoken} == {"reserve_atomic", "send_otp", "verify_otp"}
    assert all(each["idempotency_key"].startswith(f"{call.id}/") for each in spoken)


def test_two_holds_a_number_and_twenty_an_hour(world: World) -> None:
    """Limits of the engine, as a caller hears them."""
    for n in range(2):
        world.call().hold(time=f"{3 + n} p.m.")
    assert "too much at once" in world.call().ask("reserve-atomic", date="tomorrow", time="10 am")
    world.set(limits={"holds_per_hour": 1})
    line = world.call("+17735550101").ask("reserve-atomic", date="tomorrow", time="11 am")
    assert "too much at once" in line


def test_confirmed_by_text_once(world: World) -> None:
    """The second time nothing is sent, and it says so."""
    call = world.call()
    appointment = call.proved(name="Ana Ortiz")
    first = call.ask("send-confirmation", appointmentId=appointment)
    second = call.ask("send-confirmation", appointmentId=appointment)
    assert (first[:32], second[:35]) == (
        "The confirmation is on its way b", "The confirmation was sent already, ",
    )  # fmt: skip
    world.dispatch()
    world.work_off()
    assert [each.body[:7] for each in world.twilio.accepted][1:] == ["Hi Ana,"]


def test_a_confirmation_is_kept_while_texts_are_slow(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with `retrying` for a bare caller; a sentence in an envelope."""
    call = world.call()
    appointment = call.proved()
    later = world.at.timestamp() + 300
    open_: Row = {"state": "OPEN", "retry_at": later}
    monkeypatch.setattr("closedloop.dynamo.breaker.Breaker.row", lambda _: open_)
    answer = world.tool("send_confirmation", appointmentId=appointment)
    assert (answer.status, answer.json["retrying"]) == (503, True)
    assert answer.json["spoken"].startswith("Texts are slow just now")
