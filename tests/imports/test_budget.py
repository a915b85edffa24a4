"""What a function loads before its first request stays within a budget."""

from __future__ import annotations

import pytest

from tests.imports.support import FOLDERS, bare, loaded, start
from tests.support.template import functions

FOREIGN = 125
"""Modules of others on top of bare boto3 with a DynamoDB client.

A button loads about 116: Powertools' idempotency, logger and metrics are 58, pydantic with what
it needs 48, the standard library's the rest. The few left over are for a release of theirs; a
package that comes in by accident has more (event_handler 130, requests 60, twilio 600).
"""

OURS = 48
"""Modules of closedloop: a button needs its own area, not those of the others."""

OURS_EXTRA = {
    "cron_reconcile": 16,
    "read_api": 34,
    "reconcile_org": 12,
    "start_reconcile": 4,
    "square_webhook": 4,
    "twilio_inbound": 7,
    "twilio_status": 7,
    **dict.fromkeys(("check_availability", "reserve_atomic", "send_otp", "verify_otp"), 18),
    "send_confirmation": 24,
    "vapi_webhook": 39,
}
"""The reads of every area; a booking's place, job and conflicts; what customers answer to texts;
what a caller says and is told, on top of the calendar and the texts; the defaults of settings."""

BATCH = 70
"""More for a function that takes batches: Powertools' batch brings its event classes, asyncio."""

EXTRA: dict[str, tuple[int, str]] = dict.fromkeys(
    (
        "check_availability", "reserve_atomic", "send_otp", "verify_otp", "send_confirmation",
        "vapi_webhook",
    ),
    (5, "Powertools' parameters: nobody waits in a call for the client of secrets"),
)  # fmt: skip
"""Function → how many foreign modules more it may load, and what for."""

NEVER = {
    "aws_lambda_powertools.event_handler": "routes are the gateway's",
    "aws_xray_sdk": "brings a second botocore into the layer; Tracing: Active gives the segments",
    "docs": "not deployed",
    "jsonschema": "pydantic checks what comes in",
    "local": "not deployed",
    "moto": "for tests",
    "ministack": "for tests",
    "pytest": "for tests",
    "samtranslator": "for tests",
    "square": "the SDK adds 200 ms; a thin client does",
    "squareup": "same",
    "tests": "not deployed",
    "yaml": "nothing is configured at run time",
}
"""What no function loads, and why."""

ON_DEMAND = {"requests", "twilio", "concurrent.futures.process", "multiprocessing.pool"}
"""What may be loaded when it is needed and by whom EXTRA names, never at the start of others."""

each_function = pytest.mark.parametrize("folder", FOLDERS)


def takes_batches(folder: str) -> bool:
    """Whether a queue or a stream invokes it."""
    events = functions()[folder].get("Events", {}).values()
    return any(event["Type"] in {"SQS", "DynamoDB"} for event in events)


def of_function(folder: str) -> set[str]:
    """The modules of a function that is ready for its first request."""
    return set(start(folder).modules)


def of_bare_boto3() -> set[str]:
    """The modules of the least that a function could do."""
    return set(bare().modules)


@each_function
def test_a_function_loads_little_of_others(folder: str) -> None:
    """Its foreign modules on top of bare boto3 stay within the budget."""
    extra, _ = EXTRA.get(folder, (0, ""))
    extra += BATCH if takes_batches(folder) else 0
    foreign = {
        name for name in of_function(folder) - of_bare_boto3() if name.split(".")[0] != "closedloop"
    }
    assert len(foreign) <= FOREIGN + extra, sorted(foreign)


@each_function
def test_a_function_loads_little_of_ours(folder: str) -> None:
    """Its own area and the way to it."""
    ours = {name for name in of_function(folder) if name.split(".")[0] == "closedloop"}
    assert len(ours) <= OURS + OURS_EXTRA.get(folder, 0), sorted(ours)


@each_function
def test_a_function_loads_nothing_that_it_must_not(folder: str) -> None:
    """Neither a tool of the developer nor a package that was decided against."""
    unwanted = NEVER.keys() if folder in EXTRA else NEVER.keys() | ON_DEMAND
    found = {
        name
        for name in of_function(folder) - of_bare_boto3()
        if any(name == each or name.startswith(each + ".") for each in unwanted)
    }
    assert found == set()


def test_the_budget_is_not_idle() -> None:
    """A function that loads one package too many is over it: the router of Powertools."""
    router = "import app, aws_lambda_powertools.event_handler"
    more = loaded(router, FOLDERS[0]) - of_bare_boto3()
    assert len({name for name in more if name.split(".")[0] != "closedloop"}) > FOREIGN
