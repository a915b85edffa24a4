"""Twilio's webhooks: its signature in both forms, bodies as the gateway hands them over."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import HMAC_SHA256, RequestValidator

from closedloop.texts.clients.signature import genuine
from tests.support.actions import event_of, handlers
from tests.support.examples import freely
from tests.support.template import ROOT
from tests.texts.world import minutes

if TYPE_CHECKING:
    from tests.texts.world import World

URL = "https://example.com/sms?x=1"
PARAMS = [("From", "+15005550006"), ("Body", "STOP"), ("MessageSid", "SM1")]
SECRET: dict[str, Any] = {"auth_token": "12345", "shared_keys": {"k1": "12345"}}
SHA1 = "7M6LHeo1y3k2sEjtahDeArWQIMM="
SHA256 = "8d5RWWlx1vPemafgoug8s7J5EK/GesZqFyZmHmUkL5M="
SHARED = "x-twilio-webhooks-signature-settings"
SID = "SM" + "0" * 32
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=9)
VALUES = st.text(st.characters(codec="utf-8"), max_size=12)


def test_the_vectors_of_both_schemes() -> None:
    """The account's token by SHA-1, a shared key by SHA-256."""
    assert genuine(URL, PARAMS, {"x-twilio-signature": SHA1}, SECRET)
    settings_ = {SHARED: "key=k1,algorithm=HMAC_SHA256"}
    assert genuine(URL, PARAMS, {"x-twilio-signature": SHA256, **settings_}, SECRET)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-twilio-signature": ""},
        {"x-twilio-signature": SHA1[:-2] + "A="},
        {"x-twilio-signature": SHA256},
        {"x-twilio-signature": SHA1, SHARED: "key=k1,algorithm=HMAC_SHA1"},
        {"x-twilio-signature": SHA256, SHARED: "key=k2,algorithm=HMAC_SHA256"},
        {"x-twilio-signature": SHA256, SHARED: "algorithm=HMAC_SHA256"},
        {"x-twilio-signature": SHA256, SHARED: "key=k1,algorithm=HMAC_MD5"},
        {"x-twilio-signature": "é"},
    ],
)
def test_what_is_not_signed_as_it_must_be(headers: dict[str, str]) -> None:
    """No signature, another's, an unknown key, a key used otherwise: not Twilio."""
    assert not genuine(URL, PARAMS, headers, SECRET)


@pytest.mark.parametrize("secret", [{}, {"previous_auth_token": ""}, {"shared_keys": {"k1": ""}}])
def test_an_empty_secret_signs_nothing(secret: dict[str, Any]) -> None:
    """A stack whose secret was never filled takes no webhook at all."""
    for algorithm, more in ((None, {}), (HMAC_SHA256, {SHARED: "key=k1,algorithm=HMAC_SHA256"})):
        signature = RequestValidator("").compute_signature(URL, dict(PARAMS), algorithm)
        headers = {"x-twilio-signature": signature, **more}
        assert not genuine(URL, PARAMS, headers, {"auth_token": "", **secret})


def test_a_token_is_rotated_without_a_gap() -> None:
    """While the secret holds both tokens, what either has signed is genuine."""
    headers = {"x-twilio-signature": SHA1}
    both = {"auth_token": "new", "previous_auth_token": "12345"}
    assert genuine(URL, PARAMS, headers, both)
    assert genuine(URL, PARAMS, headers, {"auth_token": "12345", "previous_auth_token": "old"})
    assert not genuine(URL, PARAMS, headers, {"auth_token": "new"})
    shared = {SHARED: "key=k1,algorithm=HMAC_SHA256", "x-twilio-signature": SHA256}
    assert not genuine(URL, PARAMS, shared, both)


@given(params=st.dictionaries(NAMES, VALUES, max_size=6), shared=st.booleans())
def test_what_twilio_signs_is_genuine_and_nothing_else(
    params: dict[str, str], *, shared: bool
) -> None:
    """Round trip with Twilio's own code; another parameter, value or address breaks it."""
    algorithm = HMAC_SHA256 if shared else None
    signature = RequestValidator("12345").compute_signature(URL, params, algorithm)
    headers = {"x-twilio-signature": signature}
    if shared:
        headers[SHARED] = "key=k1,algorithm=HMAC_SHA256"
    sent = list(params.items())
    assert genuine(URL, sent, headers, SECRET)
    assert not genuine(URL, [*sent, ("another", "1")], headers, SECRET)
    assert not genuine(URL + "2", sent, headers, SECRET)


@freely(40)
@given(form=st.dictionaries(NAMES, VALUES, max_size=5))
def test_a_form_survives_the_gateway(world: World, form: dict[str, str]) -> None:
    """Blank values, spaces, emoji: signed over what was sent, read from base64."""
    answer = world.webhook("twilio_status", "status", form, "attempt=1&org=o&sms=s")
    assert answer["statusCode"] == 400  # genuine, and no report of anything


def test_a_forged_request_is_refused_before_anything(world: World) -> None:
    """403, and nothing is read or written."""
    before = world.db.snapshot(world.org)
    for function, scenario in (("twilio_status", "forged"), ("twilio_inbound", "stop")):
        event = event_of(function, scenario)
        event["headers"]["x-twilio-signature"] = "bm90IHR3aWxpbydzIG93biBzaWduYXR1cmU="
        assert handlers()[function](event, None)["statusCode"] == 403
    assert world.db.snapshot(world.org) == before


@pytest.mark.parametrize("body", ["%%%", base64.b64encode(b"\xff\xfe=1").decode()])
def test_a_body_that_cannot_be_read_is_400_or_403(world: World, body: str) -> None:
    """Neither a fault nor a 2xx."""
    event = event_of("twilio_status", "delivered") | {"body": body}
    assert handlers()["twilio_status"](event, None)["statusCode"] in {400, 403}


@pytest.mark.parametrize(
    ("function", "scenario"),
    [
        (function, path.stem)
        for function in ("twilio_inbound", "twilio_status")
        for path in sorted((ROOT / "events" / function).glob("*.json"))
    ],
)
def test_the_event_files_are_signed(world: World, function: str, scenario: str) -> None:
    """As Twilio would have signed them: each is taken, the forged one is not."""
    answer = handlers()[function](event_of(function, scenario), None)
    assert (answer["statusCode"] == 403) == (scenario == "forged")
    assert answer["statusCode"] in {200, 204, 403}


def test_the_address_is_the_one_that_is_known_outside(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a domain of its own the signature is over that; without one, over the gateway's."""
    event = event_of("twilio_status", "delivered")
    monkeypatch.setenv("WEBHOOK_BASE_URL", "https://texts.example.org")
    assert handlers()["twilio_status"](event, None)["statusCode"] == 403
    monkeypatch.setenv("WEBHOOK_BASE_URL", "")
    assert handlers()["twilio_status"](event, None)["statusCode"] == 204


@pytest.mark.parametrize(
    ("order", "ends"),
    [
        (["sent", "delivered"], "delivered"),
        (["delivered", "sent", "queued"], "delivered"),
        (["undelivered", "sent"], "undelivered"),
        (["undelivered", "delivered"], "delivered"),
        (["delivered", "failed", "undelivered"], "delivered"),
        (["sent", "sent", "sending"], "sent"),
        (["somethingnew", "sent"], "sent"),
    ],
)
def test_a_status_never_goes_back(world: World, order: list[str], ends: str) -> None:
    """Whatever order the reports come in."""
    world.press()
    world.dispatch()
    world.work()
    for status in order:
        for _ in range(2):
            assert world.report(world.twilio.accepted[0], status) == 204
    assert world.the_row()["status"] == ends


def test_a_report_that_changes_nothing_writes_nothing(world: World) -> None:
    """The same report again leaves the version as it was: no screen is told for nothing."""
    world.press()
    world.dispatch()
    world.work()
    world.report(world.twilio.accepted[0], "sent")
    version = world.the_row()["version"]
    world.report(world.twilio.accepted[0], "sent")
    assert world.the_row()["version"] == version


def test_a_report_may_be_faster_than_the_worker(world: World) -> None:
    """The worker died after the call: the callback alone links the text and moves it on."""
    world.press()
    world.dispatch()
    world.work("kill after")
    (message,) = world.twilio.accepted
    assert world.report(message, "delivered") == 204
    row = world.the_row()
    assert (row["status"], row["vendor_id"]) == ("delivered", message.sid)


def test_a_callback_puts_a_wrong_look_up_right(world: World) -> None:
    """Two like texts, one lost: the look-up took the other's; its callback says whose it is."""
    for mode in ("kill before", "kill after"):
        world.press("the same words")
        world.dispatch()
        world.later(milliseconds=5)
        while world.work(mode) == "killed":
            pass
    lost, sent = sorted(world.rows(), key=lambda row: str(row["created_at"]))
    world.later(seconds=95)
    world.settle()
    (message,) = world.twilio.accepted
    assert message.attempt[0] == sent["id"]
    assert world.row(lost["id"])["vendor_id"] == message.sid
    assert world.report(message, "delivered") == 204
    assert world.row(sent["id"])["status"] == "delivered"
    assert world.row(lost["id"])["status"] == "unknown"
    for _ in minutes(world, 14, every=2):
        pass
    assert world.row(lost["id"])["error"]["code"] == "NOT_ACCEPTED"


def test_a_report_on_an_earlier_attempt_is_not_on_this_one(world: World) -> None:
    """Attempt one was undelivered and sent again: its late words do not touch attempt two."""
    world.press()
    world.dispatch()
    world.work()
    (first,) = world.twilio.accepted
    world.report(first, "undelivered", ErrorCode="30003")
    world.retry(world.the_row()["id"])
    assert world.report(first, "delivered") == 204
    assert world.the_row()["status"] == "pending"


def test_a_report_on_nothing_is_taken(world: World) -> None:
    """A text that is not there: repeating it would change nothing."""
    form = {"MessageSid": SID, "MessageStatus": "sent"}
    query = f"attempt=1&org={world.org}&sms=nothing"
    assert world.webhook("twilio_status", "status", form, query)["statusCode"] == 204


def test_plain_text_bodies_are_read_too(world: World) -> None:
    """A gateway that hands the form over as it is."""
    event = event_of("twilio_status", "delivered")
    form = base64.b64decode(event["body"]).decode()
    event |= {"isBase64Encoded": False, "body": form}
    assert handlers()["twilio_status"](event, None)["statusCode"] == 204
    assert urlencode({"a": ""}) == "a="


@pytest.mark.parametrize(
    "form",
    [
        {"MessageSid": SID + "NumMedia0"},
        {"MessageSid": "SM1"},
        {"MessageSid": "SM" + "G" * 32},
        {"MessageSid": "CA" + "0" * 32},
        {"MessageSid": ""},
        {},
    ],
)
def test_an_id_has_twilios_shape(world: World, form: dict[str, str]) -> None:
    """Names and values are signed without a border: another cut of the same signed words is 400."""
    sent = {"From": "+13125550143", "To": "+13125550100", "Body": "YES", **form}
    assert world.webhook("twilio_inbound", "inbound", sent)["statusCode"] == 400
    sent = {"MessageStatus": "sent", **form}
    query = f"attempt=1&org={world.org}&sms=s"
    assert world.webhook("twilio_status", "status", sent, query)["statusCode"] == 400
    assert world.rows() == []


@pytest.mark.parametrize("account", ["", "ACother", "ACtestx"])
def test_another_account_is_not_ours(world: World, account: str) -> None:
    """Its signature may fit; the account that it names does not."""
    sent = {"MessageSid": SID, "MessageStatus": "sent", "AccountSid": account}
    query = f"attempt=1&org={world.org}&sms=s"
    assert world.webhook("twilio_status", "status", sent, query)["statusCode"] == 403


@pytest.mark.parametrize("code", ["9" * 5000, "x", "-1", "\u0663\u0660", "1234567"])
def test_an_error_code_that_is_none_is_left_out(world: World, code: str) -> None:
    """The status counts all the same."""
    world.press()
    world.dispatch()
    world.work()
    assert world.report(world.twilio.accepted[0], "undelivered", ErrorCode=code) == 204
    assert world.the_row()["error"]["code"] == "UNDELIVERED"
