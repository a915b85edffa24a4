"""What the sandbox refuses and answers, and where it agrees with the code beside it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

from closedloop.texts.handlers.webhook import credential
from local.demo.orgs import ORGS
from local.demo.rows import demo_rows
from local.sandbox.faults import Fault, Faults

if TYPE_CHECKING:
    from tests.sandbox.support import Sandbox


@pytest.mark.stack
@pytest.mark.parametrize(
    "wish",
    [
        [],
        {"target": "nobody", "mode": "500"},
        {"target": "twilio", "mode": "explode"},
        {"target": "twilio", "mode": "500", "count": 0},
        {"target": "twilio", "mode": "500", "count": True},
        {"target": "twilio", "mode": "500", "rate": 2},
        {"target": "twilio", "mode": "500", "count": 1, "rate": 0.5},
    ],
    ids=str,
)
def test_trouble_that_cannot_be_made_is_a_400_in_the_shape_of_the_api(
    sandbox: Sandbox, wish: Any
) -> None:
    """With a sentence that says what is wrong."""
    answer = sandbox.ask("POST", "/sandbox/faults", wish)
    assert (answer.status, answer.json["code"]) == (400, "VALIDATION_FAILED")
    assert set(answer.json) == {"success", "error", "code", "request_id"}


@pytest.mark.stack
def test_a_mode_may_be_a_number_and_is_cleared(sandbox: Sandbox) -> None:
    """429 and "429" are the same."""
    fault = {"target": "square", "mode": 429, "rate": 0.5}
    added = sandbox.ask("POST", "/sandbox/faults", fault).json["faults"]
    assert added == [{"target": "square", "mode": "429", "rate": 0.5, "happened": 0}]
    assert sandbox.ask("DELETE", "/sandbox/faults").json == {"faults": []}


@pytest.mark.stack
@pytest.mark.parametrize(
    "wish", [{}, {"from": "you", "body": "x"}, {"from": "+13125550143", "body": ""}], ids=str
)
def test_a_text_that_no_phone_sends_is_a_400(sandbox: Sandbox, wish: Any) -> None:
    """Nothing is handed over."""
    assert sandbox.ask("POST", "/sandbox/twilio/inbound", wish).status == 400


_FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.stack
@pytest.mark.parametrize("foreign", _FOREIGN, ids=str)
def test_no_page_of_another_origin_presses_the_sandbox(
    sandbox: Sandbox, foreign: dict[str, str]
) -> None:
    """Neither trouble nor a text of a customer."""
    text = {"from": "+13125550143", "body": "YES"}
    fault = {"target": "square", "mode": 429}
    refusals = [
        sandbox.ask("POST", "/sandbox/twilio/inbound", text, **foreign),
        sandbox.ask("POST", "/sandbox/faults", fault, **foreign),
        sandbox.ask("DELETE", "/sandbox/faults", **foreign),
    ]
    assert {(each.status, each.json["code"]) for each in refusals} == {(403, "FORBIDDEN")}
    assert sandbox.ask("GET", "/sandbox/faults").json == {"faults": []}


@pytest.mark.stack
def test_the_sandboxes_own_page_presses_it_by_either_name(sandbox: Sandbox) -> None:
    """As its page does in a browser."""
    url = sandbox.stack.info["web_url"]
    named = url.replace("127.0.0.1", "localhost")
    for origin, host in ((url, url), (named, named)):
        own = {"Origin": origin, "Sec-Fetch-Site": "same-origin", "Host": host.split("//")[1]}
        assert sandbox.ask("DELETE", "/sandbox/faults", **own).status == 200


@pytest.mark.stack
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_read(sandbox: Sandbox, kind: str) -> None:
    """A form or a text is what another origin's page may send without asking."""
    fault = {"target": "square", "mode": 429}
    answer = sandbox.ask("POST", "/sandbox/faults", fault, **{"Content-Type": kind})
    assert (answer.status, answer.json["code"]) == (400, "VALIDATION_FAILED")


def test_each_business_is_found_by_its_number() -> None:
    """The demo's rows hold what the inbound webhook looks for."""
    rows = {row["id"]: row for row in demo_rows(datetime.now(UTC))["orgs"]}
    for org in ORGS:
        row = rows[f"number#{org.phone}"]
        assert (row["org_id"], row["credential_hash"]) == (org.id, credential(org.phone))
        assert org.settings()["sms_number"] == org.phone


def test_rates_of_one_target_add_up_and_a_count_is_spent_on_writes() -> None:
    """A call meets one fault at most."""
    drawn = iter([0.05, 0.15, 0.95, 0.5, 0.5, 0.5])
    faults = Faults(lambda: next(drawn))
    faults.add(Fault("twilio", "429", rate=0.1))
    faults.add(Fault("twilio", "500", rate=0.1))
    assert [faults.meet("twilio", writes=True) for _ in range(3)] == ["429", "500", None]
    faults.clear()
    faults.add(Fault("twilio", "500", count=1))
    met = [faults.meet("twilio", writes=writes) for writes in (False, True, True)]
    assert met == [None, "500", None]


@pytest.mark.stack
def test_every_part_that_the_page_names_is_there(sandbox: Sandbox) -> None:
    """Style and scripts, each of its own kind: a section without its script is dead."""
    url = sandbox.stack.info["sandbox_url"]
    page = urllib3.request("GET", url).data.decode()
    parts = re.findall(r'(?:src|href)="(/sandbox/[a-z]+\.(?:js|css))"', page)
    found = {
        part: urllib3.request("GET", url.removesuffix("/sandbox") + part).headers["Content-Type"]
        for part in parts
    }
    kinds = {".js": "text/javascript", ".css": "text/css"}
    assert len(found) >= 4
    assert all(kind.startswith(kinds[part[part.rindex(".") :]]) for part, kind in found.items())
