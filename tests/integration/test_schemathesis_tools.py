"""Schemathesis asks the tools of the voice agent, with the credential of a business.

Bare arguments that fit the description and that do not; the same in the envelope, on the tool's own
route and on the webhook. None is answered by a fault, every answer is as described, and an envelope
always gets its lines.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode

from closedloop.edge.tool import LONGEST_LINE
from closedloop.voice.credentials import of_token
from tests.integration.described import OPERATIONS, Asking, drawn
from tests.integration.support import Api
from tests.support.actions import tools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import Case

    from local.stack import Stack

pytestmark = pytest.mark.stack

WEBHOOK = "POST /api/vapi/webhook"
TOOLS = sorted(label for label in OPERATIONS if label.startswith("POST /api/vapi/tools/"))
EXAMPLES = {GenerationMode.POSITIVE: 12, GenerationMode.NEGATIVE: 6}
ENVELOPES = 12

SECRET = "a-secret-of-the-agent-0123456789"
HEADERS = {
    "bearer": {"Authorization": f"Bearer {SECRET}"},
    "secret": {"X-Vapi-Secret": SECRET},
    "unknown": {"Authorization": f"Bearer {SECRET}?"},
    "none": {},
}

KNOWN = {
    "appointmentId": "apt_1",
    "code": "3463",
    "date": "2099-01-05",
    "from": "2099-01-05",
    "holdId": "hold_1",
    "phone": "+13125550142",
    "serviceId": "svc_wash",
    "slotId": "cmhngb-bay-1",
    "timezone": "America/New_York",
    "to": "2099-01-06",
}
"""What there is, or is understood, in the place of some of what is drawn."""

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def agent(stack: Stack) -> Iterator[Asking]:
    """The agent of a business that has what the tools' event files start from."""
    ours = Api(stack, "schemathesis-voice")
    for case in tools():
        ours.database.put(ours.org, case.rows)
    credential = {"id": "credential#vapi", "credential_hash": of_token(SECRET)}
    ours.database.put(ours.org, {"orgs": [credential]})
    made = Asking(stack)
    yield made
    made.session.close()


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", [*TOOLS, WEBHOOK])
def test_an_answer_is_no_fault_and_as_described(
    label: str, mode: GenerationMode, agent: Asking
) -> None:
    """Whatever a program sends, and whoever it is."""

    @drawn(EXAMPLES[mode])
    @given(
        case=OPERATIONS[label].as_strategy(mode),
        who=st.sampled_from([*HEADERS, "bearer", "secret", "bearer", "secret"]),
        known=st.sets(st.sampled_from(sorted(KNOWN))),
    )
    def ask(case: Case[Any], who: str, known: set[str]) -> None:
        if mode is GenerationMode.POSITIVE and label != WEBHOOK:
            _put(case.body, known)
        for name in ("Authorization", "X-Vapi-Secret"):
            case.headers.pop(name, None)
        agent.send(case, HEADERS[who])

    ask()


@pytest.mark.parametrize("label", TOOLS)
def test_an_envelope_always_gets_its_lines(label: str, agent: Asking) -> None:
    """200 and one line that can be said for each call, whatever its arguments are."""
    name = label.rpartition("/")[2]

    @drawn(ENVELOPES)
    @given(
        case=OPERATIONS[label].as_strategy(GenerationMode.POSITIVE),
        known=st.sets(st.sampled_from(sorted(KNOWN))),
        form=st.sampled_from(["object", "text", "other"]),
        other=ANYTHING,
        where=st.sampled_from([label, WEBHOOK]),
    )
    def ask(case: Case[Any], known: set[str], form: str, other: Any, where: str) -> None:
        _put(case.body, known)
        arguments = {"object": case.body, "text": json.dumps(case.body), "other": other}[form]
        body: Any = _envelope(name, arguments)
        sent = OPERATIONS[where].Case(body=body, media_type="application/json")
        answer = agent.send(sent, HEADERS["bearer"])
        assert answer.status_code == 200
        (said,) = answer.json()["results"]
        assert said["toolCallId"] == "call_1"
        assert 0 < len(said["result"]) <= LONGEST_LINE
        assert "\n" not in said["result"]

    ask()


def test_some_of_it_is_done(agent: Asking) -> None:
    """Not everything above is refused, and who has no credential is."""
    assert set(agent.answers) == {*TOOLS, WEBHOOK}
    for label, statuses in agent.answers.items():
        assert {200, 401} <= set(statuses), label


def _put(body: Any, known: set[str]) -> None:
    """What is known in the place of what was drawn."""
    if isinstance(body, dict):
        body.update({name: KNOWN[name] for name in known if name in body})


def _envelope(name: str, arguments: Any) -> dict[str, Any]:
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}
    about = {"id": "call-of-schemathesis", "type": "inboundPhoneCall"}
    return {"message": {"type": "tool-calls", "toolCallList": [call], "call": about}}
