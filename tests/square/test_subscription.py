"""The look at our subscription of webhooks: four times a day, counted, told by an alarm."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools import Logger

from closedloop.square.subscription import EVENTS, VERSION, wrongs
from local.sandbox.faults import Fault
from tests.support.actions import handlers
from tests.support.square import ACCOUNT, selling
from tests.support.template import resources
from tests.template.support import grants
from tests.template.test_policies_used import asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.database import Database
    from tests.support.square import Selling

FAULTS = "SubscriptionFaults"
ADDRESS = "https://api.example/webhooks/square"
WHOLE = {"notification_url": ADDRESS, "enabled": True, "event_types": [*EVENTS, "x"]}
WHOLE |= {"api_version": VERSION}


@dataclass
class Looking:
    """Our application, and what its function's lines say."""

    square: Selling
    log: StringIO
    secret: dict[str, str]

    def line(self) -> dict[str, Any]:
        """What the function's line says when it is called now."""
        handlers()["renew_square_tokens"]({}, None)
        found: dict[str, Any] = json.loads(self.log.getvalue().splitlines()[-1])
        return found


@pytest.fixture
def looking(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Looking]:
    """No business is connected; the application has its token."""
    written = StringIO()
    logger = Logger(level="INFO", location=None, stream=written, service=org)
    secret = {"application_token": ACCOUNT.client_secret}
    with selling() as square:
        for name, value in {
            "closedloop.edge.log._logger": lambda: logger,
            "closedloop.square.clients.calls._sleep": lambda _: None,
            "closedloop.square.wiring.application": lambda: secret,
            "closedloop.dynamo.lookups.Lookups.due": lambda *_: iter(()),
        }.items():
            monkeypatch.setattr(name, value)
        monkeypatch.setenv("SQUARE_BASE_URL", square.server.url)
        url = square.vendor.webhooks.subscription.notification_url
        monkeypatch.setenv("SQUARE_NOTIFICATION_URL", url)
        yield Looking(square, written, secret)


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        ([WHOLE], []),
        ([WHOLE, {**WHOLE, "notification_url": "https://other.example"}], []),
        ([], [f"0 subscriptions name {ADDRESS}; one must."]),
        ([WHOLE, WHOLE], [f"2 subscriptions name {ADDRESS}; one must."]),
        ([{**WHOLE, "enabled": False}], ["the subscription is disabled."]),
        ([{**WHOLE, "event_types": EVENTS[1:]}], [f"the subscription lacks {EVENTS[0]}."]),
        (
            [{**WHOLE, "api_version": "2024-01-18"}],
            [f"the subscription speaks version 2024-01-18, we {VERSION}."],
        ),
    ],
)
def test_what_is_wrong_is_named(listed: list[dict[str, Any]], says: list[str]) -> None:
    """One that is ours, enabled, with all events and our version; others are no matter."""
    assert wrongs(listed, ADDRESS) == says


def test_what_is_wrong_is_counted(looking: Looking) -> None:
    """A subscription that is as it must be is no count; one that Square has disabled is one."""
    assert FAULTS not in looking.line()
    looking.square.vendor.webhooks.subscription.enabled = False
    line = looking.line()
    assert (line[FAULTS], line["subscription"]) == ([1.0], ["the subscription is disabled."])


def test_a_token_that_square_does_not_take_is_counted(looking: Looking) -> None:
    """Else the look would be blind, and nobody would know."""
    looking.secret["application_token"] = "taken back"
    assert looking.line()[FAULTS] == [1.0]


def test_without_a_token_square_is_not_asked(looking: Looking) -> None:
    """The look is left to the operator then."""
    looking.secret.clear()
    looking.square.vendor.webhooks.subscription.enabled = False
    assert FAULTS not in looking.line()


def test_trouble_at_square_says_nothing_of_the_subscription(looking: Looking) -> None:
    """Nobody is woken for it: the next look is in six hours."""
    looking.square.faults.add(Fault("square", "500"))
    assert FAULTS not in looking.line()


def test_somebody_is_told(looking: Looking) -> None:
    """The alarm watches what the function counts; the look needs no right that it has not."""
    alarm = resources("AWS::CloudWatch::Alarm")["SquareSubscription"]
    names = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
    assert (alarm["MetricName"], names["action"]) == (FAULTS, "renew_square_tokens")
    allowed = {(each.action, str(each.resource)) for each in grants("renew_square_tokens")}
    with asked() as requests:
        looking.line()
    assert requests <= allowed
