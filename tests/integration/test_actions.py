"""Every action through the front door: the real template, the real handlers, IAM enforced."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.support.actions import ALICE, BOB, Press, event_of

if TYPE_CHECKING:
    from tests.integration.support import Api
    from tests.support.actions import ActionCase, Answer

pytestmark = [pytest.mark.stack, pytest.mark.signed_in]

BUSY = {"confirm_booking", "create_booking", "send_lead_sms"}
"""One button of each way to write: fifty press them at once. Three press the others, for each
sandbox that a crowd starts costs a second of CPU."""


NOT_NOW = {"REQUEST_IN_PROGRESS", "RATE_LIMITED", "SERVICE_UNAVAILABLE"}


def crowd(case: ActionCase) -> int:
    """How many press at once."""
    return 50 if case.name in BUSY else 3


def token_for(api: Api, press: Press, user: str = ALICE, **claims: Any) -> str:
    """A token with the groups that the press was written for."""
    written = press.event["requestContext"]["authorizer"]["jwt"]["claims"]["cognito:groups"]
    groups = written.strip("[]").split()
    return api.token(user, **({"cognito:groups": groups} | claims))


def test_every_scenario_over_http(case: ActionCase, api: Api) -> None:
    """Each event file is answered as it promises, each in an org of its own."""
    for scenario, wanted in case.given["expect"].items():
        if scenario in {"malformed_json", "key_missing"}:
            continue  # not a whole request; the functions' own tests send them
        org = type(api)(api.stack, f"{api.org}-{scenario.replace('_', '-')}")
        org.database.put(org.org, case.rows)
        press = Press(event_of(case.name, scenario)).key(str(uuid4()))
        answer = org.press(case, press, token_for(org, press))
        assert {"status": answer.status, "code": answer.code} == {"code": None, **wanted}, scenario


def results(case: ActionCase, api: Api) -> list[str]:
    """What came of the button's presses; what workers did afterwards has entries of its own."""
    entries = api.database.audit(api.org)
    return [entry["result"] for entry in entries if entry["action"] == case.name]


def test_twice_with_one_key(case: ActionCase, api: Api) -> None:
    """200, then 200 with the replay header and the same bytes; one audit entry."""
    api.database.put(api.org, case.rows)
    press = case.press(api.org)
    token = token_for(api, press)
    first, second = (api.press(case, press, token) for _ in range(2))
    assert (first.status, second.status) == (200, 200)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert first.text == second.text
    assert results(case, api) == ["ok"]


def test_another_orgs_staff_find_nothing(case: ActionCase, api: Api) -> None:
    """404 for a stranger, and no row of this org changes."""
    api.database.put(api.org, case.rows)
    before = api.database.snapshot(api.org)
    stranger = type(api)(api.stack, f"{api.org}-other")
    press = case.press(stranger.org)
    answer = stranger.press(case, press, token_for(stranger, press))
    assert (answer.status, answer.code) == (404, "NOT_FOUND")
    assert api.database.snapshot(api.org) == before


def test_a_token_that_does_not_hold_is_401(case: ActionCase, api: Api) -> None:
    """Expired, for others, by others, not yet good: no function runs and nothing changes."""
    wrong: list[dict[str, Any]] = [
        {"exp": 1},
        {"aud": "another"},
        {"iss": "http://127.0.0.1:1/auth"},
        {"nbf": 2**33},
    ]
    api.database.put(api.org, case.rows)
    before = api.database.snapshot(api.org)
    press = case.press(api.org)
    for claims in wrong:
        answer = api.press(case, press, token_for(api, press, **claims))
        assert (answer.status, answer.code) == (401, "UNAUTHORIZED"), claims
    assert api.database.snapshot(api.org) == before


@pytest.mark.parametrize("token", [None, "", "x.y.z", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."])
def test_no_token_is_401(case: ActionCase, api: Api, token: str | None) -> None:
    """Neither nothing, nor nonsense, nor an unsigned token opens the door."""
    assert api.press(case, case.press(api.org), token).status == 401


def test_a_signature_by_another_key_is_401(case: ActionCase, api: Api) -> None:
    """The claims alone are worth nothing."""
    head, claims, signature = api.token().split(".")
    forged = ".".join((head, claims, signature[::-1]))
    assert api.press(case, case.press(api.org), forged).status == 401


def test_many_at_once_with_one_key(case: ActionCase, api: Api) -> None:
    """One effect; whoever is answered with 200 gets the same bytes; others may come back."""
    api.database.put(api.org, case.rows)
    press = case.press(api.org)
    token = token_for(api, press)
    answers = _at_once([lambda: api.press(case, press, token)] * crowd(case))
    assert {answer.code for answer in answers} <= {None, *NOT_NOW}
    answers.append(api.press(case, press, token))  # whoever was told "not now" comes back
    done = [answer for answer in answers if answer.status == 200]
    assert answers[-1] in done
    assert len({answer.text for answer in done}) == 1
    assert len([answer for answer in done if "Idempotent-Replayed" not in answer.headers]) <= 1
    assert results(case, api) == ["ok"]


def test_many_at_once_on_one_row(case: ActionCase, api: Api) -> None:
    """Many keys on the same rows: each is done on top of the others or refused; none is lost.

    What one of them has taken away (a photo) is not there for the others: 404.
    """
    api.database.put(api.org, case.rows)
    presses = [case.press(api.org) for _ in range(crowd(case))]
    token = token_for(api, presses[0], BOB)
    answers = _at_once([lambda press=press: api.press(case, press, token) for press in presses])
    late = [i for i, answer in enumerate(answers) if answer.code in NOT_NOW]
    for i in late:  # they come back with the same key, one after the other
        answers[i] = api.press(case, presses[i], token)
    assert {answer.status for answer in answers} <= {200, 404, 409, 429}
    entries = results(case, api)
    done = [answer for answer in answers if answer.status == 200]
    assert entries.count("ok") == len(done) >= 1


def _at_once(calls: list[Any]) -> list[Answer]:
    answers: list[Any] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def run(position: int) -> None:
        gate.wait()
        answers[position] = calls[position]()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
