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
from local.sandbox.square.shapes import RefusedError
from local.sandbox.square.webhooks import Subscription
from tests.support.actions import handlers
from tests.support.square import ACCOUNT, selling
from tests.support.template import resources
from tests.template.support import grants
from tests.template.test_policies_used import asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.database import Database
    from tests.support.square import Selling

FAULTS, UNSEEN = "SubscriptionFaults", "SubscriptionUnseen"
UNREAD = "the subscriptions cannot be read: {}."
ADDRESS = "https://api.example/webhooks/square"
WHOLE = {"notification_url": ADDRESS, "enabled": True, "event_types": [*EVENTS, "x"]}
WHOLE |= {"api_version": VERSION}


@dataclass
class Looking:
    """Our application, and what its function's lines say."""

    square: Selling
    log: StringIO
    secret: dict[str, str]
    patch: pytest.MonkeyPatch

    def line(self) -> dict[str, Any]:
        """What the function's line says when it is called now."""
        handlers()["renew_square_tokens"]({}, None)
        found: dict[str, Any] = json.loads(self.log.getvalue().splitlines()[-1])
        return found

    def answers(self, body: dict[str, Any]) -> None:
        """Square lists this, on every page."""
        self.patch.setattr(self.square.vendor.subscriptions, "page", lambda _: body)

    def refused(self, status: int, code: str) -> None:
        """Square lists nothing, for this reason."""

        def refuse(_: Any) -> None:
            raise RefusedError(status, code, "No.")

        self.patch.setattr(self.square.vendor, "application", refuse)


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
        yield Looking(square, written, secret, monkeypatch)


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        ([WHOLE], []),
        ([WHOLE, {**WHOLE, "notification_url": "https://other.example"}], []),
        ([], [f"0 subscriptions name {ADDRESS}; one must."]),
        ([WHOLE, WHOLE], [f"2 subscriptions name {ADDRESS}; one must."]),
        (
            [{**WHOLE, "event_types": None}],
            [f"the subscription lacks {', '.join(sorted(EVENTS))}."],
        ),
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


@pytest.mark.parametrize("no", [(401, "UNAUTHORIZED"), (403, "FORBIDDEN")])
def test_a_token_that_square_does_not_take_is_counted(
    looking: Looking, no: tuple[int, str]
) -> None:
    """Else the look would be blind, and nobody would know."""
    looking.refused(*no)
    line = looking.line()
    words = f"the application's token is not accepted: {no[1]} ({no[0]})."
    assert (line[FAULTS], line["subscription"]) == ([1.0], [words])


def test_the_wrong_token_is_refused(looking: Looking) -> None:
    """By Square's own judgement of it."""
    looking.secret["application_token"] = "taken back"
    assert "token is not accepted" in looking.line()["subscription"][0]


def test_ours_is_found_on_the_last_page(looking: Looking) -> None:
    """An application may have more subscriptions than Square lists at once."""
    mine = looking.square.vendor.webhooks.subscription
    others = [Subscription(f"https://{number}.example", "key") for number in range(250)]
    looking.square.vendor.subscriptions.listed[:] = [*others, mine]
    assert FAULTS not in looking.line()
    mine.enabled = False
    assert looking.line()["subscription"] == ["the subscription is disabled."]


def test_a_page_that_square_cuts_short_is_not_the_end(looking: Looking) -> None:
    """The cursor says what is the end, and not the number of records."""
    looking.square.vendor.subscriptions.largest_page = 1
    looking.square.vendor.subscriptions.listed.insert(0, Subscription("https://a.example", "key"))
    assert FAULTS not in looking.line()


def test_pages_without_end_are_no_list(looking: Looking) -> None:
    """The function ends, and says what it has met."""
    looking.answers({"subscriptions": [WHOLE], "cursor": "again"})
    assert looking.line()["subscription"] == [UNREAD.format("ENDLESS_PAGES (no answer)")]


@pytest.mark.parametrize("listed", ["none", [None], {"id": "wbhk_1"}])
def test_what_is_no_list_is_named_so(looking: Looking, listed: Any) -> None:
    """Nobody is sent to look for another token."""
    looking.answers({"subscriptions": listed})
    line = looking.line()
    assert (line[FAULTS], line["subscription"]) == (
        [1.0],
        [UNREAD.format("UNREADABLE (no answer)")],
    )


def test_a_refusal_that_is_none_of_the_token_is_named_as_it_is(looking: Looking) -> None:
    """Square says which it is."""
    looking.refused(400, "INVALID_VALUE")
    assert looking.line()["subscription"] == [UNREAD.format("INVALID_VALUE (400)")]


def test_without_a_token_square_is_not_asked(looking: Looking) -> None:
    """The look is left to the operator then."""
    looking.secret.clear()
    looking.square.vendor.webhooks.subscription.enabled = False
    assert FAULTS not in looking.line()


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("500", "INTERNAL_SERVER_ERROR (500)"),
        ("429", "RATE_LIMITED (429)"),
        ("hang_before_accept", "no code (no answer)"),
    ],
)
def test_trouble_at_square_says_nothing_of_the_subscription(
    looking: Looking, mode: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is counted and nobody is woken for it: the next look is in six hours."""
    if mode == "hang_before_accept":
        monkeypatch.setattr("closedloop.core.deadline.SECONDS", 0.5)
    looking.square.faults.add(Fault("square", mode))
    line = looking.line()
    assert (line[UNSEEN], line["unseen"]) == ([1.0], words)
    assert not {FAULTS, "subscription"} & line.keys()


def test_a_cursor_that_dies_on_the_way_is_such_trouble(looking: Looking) -> None:
    """The list begins anew at the next look."""
    looking.refused(400, "INVALID_CURSOR")
    assert (looking.line()[UNSEEN], FAULTS in looking.line()) == ([1.0], False)


def test_somebody_is_told(looking: Looking) -> None:
    """The alarm watches what the function counts; the look needs no right that it has not."""
    alarm = resources("AWS::CloudWatch::Alarm")["SquareSubscription"]
    names = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
    assert (alarm["MetricName"], names["action"]) == (FAULTS, "renew_square_tokens")
    allowed = {(each.action, str(each.resource)) for each in grants("renew_square_tokens")}
    with asked() as requests:
        looking.line()
    assert requests <= allowed
