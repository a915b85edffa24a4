"""What a million presses cost at AWS, worked out from counted requests and list prices.

us-east-1, dollars, without free tiers, tax, data transfer, storage and alarms. Each price says when
it was last seen in public; those without a date are from memory. Check them against the price list
before a total is relied on. What reacts to a press (its announcement to open screens) has a row of
its own; texts are Twilio's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.support.template import template

if TYPE_CHECKING:
    from bench.cpu import Spent
    from bench.presses import Cost

MILLION = 1_000_000

HTTP_API = 1.00  # a million requests, the first 300 million a month; seen in May 2025
WEBSOCKET_MESSAGES = 1.00  # a million of 32 KB, the first thousand million; seen in May 2025
LAMBDA_REQUESTS = 0.20  # a million requests
LAMBDA_GB_SECOND = 0.0000133334  # arm64
WRITE_UNITS = 0.625  # a million, on demand; seen in 2025
READ_UNITS = 0.125  # a million, on demand; seen in 2025
WRITE_CAPACITY_HOUR = 0.00065  # one unit a second, for an hour
READ_CAPACITY_HOUR = 0.00013  # same
LOGS_GB = 0.50  # ingested by CloudWatch
STREAM_READS = 0.0  # those of Lambda are not billed

PROVISIONED_USE = 0.60  # the share of provisioned capacity that is used over a day

# Assumed, for nothing here can measure them: what AWS itself takes and writes.
TRANSACTION_MS = 10.0
OTHER_REQUEST_MS = 4.0
PLATFORM_LOG_BYTES = 600  # Lambda's start and report lines
ACCESS_LOG_BYTES = 300
LOG_EVENT_BYTES = 26  # CloudWatch adds them to each line
CPU_OF_1769_MB = 1769.0  # Lambda's memory for one whole CPU
ANNOUNCEMENT_MS = 25.0  # a query for the connections, then posts side by side
ANNOUNCEMENT_LOG_BYTES = 500
SCREENS = 10  # open in the org while a button is pressed


@dataclass(frozen=True)
class Dollars:
    """A million presses."""

    on_demand: float
    provisioned: float


def of_a_million(cost: Cost, cpu: Spent) -> Dollars:
    """What a million such presses cost, paid by request and with provisioned capacity."""
    rest = HTTP_API + LAMBDA_REQUESTS + _duration(cost, cpu) + _logs(cost)
    on_demand = cost.write_units * WRITE_UNITS + cost.read_units * READ_UNITS
    return Dollars(rest + on_demand, rest + _provisioned(cost))


def of_reactions() -> float:
    """What it costs to announce a million presses, each by itself, to so many open screens.

    In truth presses that come together are announced together: this is the most that it costs.
    """
    gigabytes = CPU_OF_1769_MB / 1024
    duration = MILLION * ANNOUNCEMENT_MS / 1000 * gigabytes * LAMBDA_GB_SECOND
    logged = ANNOUNCEMENT_LOG_BYTES + PLATFORM_LOG_BYTES + 3 * LOG_EVENT_BYTES
    logs = MILLION * logged / 1e9 * LOGS_GB
    query = READ_UNITS / 2
    return LAMBDA_REQUESTS + duration + logs + query + STREAM_READS + SCREENS * WEBSOCKET_MESSAGES


def _duration(cost: Cost, cpu: Spent) -> float:
    megabytes: float = template()["Globals"]["Function"]["MemorySize"]
    milliseconds = cpu.p50 * max(1.0, CPU_OF_1769_MB / megabytes)
    milliseconds += sum(
        TRANSACTION_MS if name == "TransactWriteItems" else OTHER_REQUEST_MS
        for name in cost.requests
    )
    return MILLION * milliseconds / 1000 * megabytes / 1024 * LAMBDA_GB_SECOND


def _logs(cost: Cost) -> float:
    lines = 2 + 1 + 1  # the platform's, the access log's, the function's own
    a_press = cost.log_bytes + PLATFORM_LOG_BYTES + ACCESS_LOG_BYTES + lines * LOG_EVENT_BYTES
    return MILLION * a_press / 1e9 * LOGS_GB


def _provisioned(cost: Cost) -> float:
    units_of_an_hour = 3600 * PROVISIONED_USE
    hours = MILLION / units_of_an_hour
    return hours * (cost.write_units * WRITE_CAPACITY_HOUR + cost.read_units * READ_CAPACITY_HOUR)
