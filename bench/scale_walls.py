"""Every wall that the system meets as it grows: its number, its cause, and what would move it.

The numbers follow from the code's own constants and packing, from template.yaml, and from what
AWS publishes (bench/scale_quotas.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench import scale_quotas as aws
from bench.scale_reconnect import renewals
from bench.units import size
from closedloop.core.tables import TABLES
from closedloop.dynamo.codec import item
from closedloop.realtime import fanout
from closedloop.realtime.packing import frames
from closedloop.realtime.wiring import SOCKET_THREADS
from tests.realtime.support import bulk
from tests.support.template import functions, resources, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

SOCKETS = 10_000
LEADS = 500
TEXT_MS = 350.0  # claim, Twilio over a new connection, record


@dataclass(frozen=True)
class Wall:
    """One limit. `of` is who meets it, `number` in `unit`."""

    of: str
    what: str
    number: float
    unit: str
    cause: str
    moves: str


def walls() -> Iterator[Wall]:
    """All of them, one org's first."""
    yield from _presses_of_an_org()
    yield from _presses_of_the_fleet()
    yield from _telling()
    yield from _sockets()
    yield from _texts()


def _presses_of_an_org() -> Iterator[Wall]:
    units = aws.PARTITION_WRITE_UNITS
    yield Wall(
        "one org",
        "presses, by the journal's list by time",
        units / _entries("journal", "by_time"),
        "a second",
        "an entry of by_time is one write unit, and all of an org's go to the end of one key range",
        "by_time over four keys an org (org_id#0 to #3): four queries a page of changes, merged",
    )
    yield Wall(
        "one org",
        "presses on rows of one table, until its partition splits",
        units / aws.TRANSACTION,
        "a second",
        "a row written in a transaction is two units; DynamoDB splits a hot partition in minutes, "
        "for ids are spread",
        "nothing needed: it is for the first minutes of a rush, with 300 s of unused units before",
    )
    yield Wall(
        "one org",
        "changes of a status",
        units / (2 * _entries("leads", "by_status")),
        "a second",
        "by_status loses an entry and gains one; those of a status have one key",
        "the list by status from the journal, or by_status with a spread key",
    )
    yield Wall(
        "one org",
        f"bulks of {LEADS} leads",
        units / (2 * LEADS * _entries("leads", "by_status")),
        "a second",
        "the same partition of by_status: a bulk is its whole second",
        "the same; 300 s of unused units carry 300 bulks in a row",
    )
    yield Wall(
        "one row",
        "presses on the same row",
        1000 / aws.TRANSACTION_MS,
        "a second",
        "a transaction at a time on an item; the others are asked again",
        "nothing: they are one after the other by design",
    )


def _presses_of_the_fleet() -> Iterator[Wall]:
    (api,) = resources("AWS::Serverless::HttpApi").values()
    yield Wall(
        "the fleet",
        "presses and lists, by the API's bucket",
        api["DefaultRouteSettings"]["ThrottlingRateLimit"],
        "a second",
        f"template.yaml shares out the account's {aws.ACCOUNT_REQUESTS:,} requests a second",
        "a larger bucket, with a larger quota of the account",
    )
    yield Wall(
        "the fleet",
        "presses, by Lambda",
        aws.FUNCTIONS_AT_ONCE / (aws.PRESS_MS / 1000),
        "a second",
        f"{aws.FUNCTIONS_AT_ONCE:,} functions at once, {aws.PRESS_MS:.0f} ms each",
        "the quota (a new account may have 10: ask first)",
    )
    yield Wall(
        "the fleet",
        "presses, by the journal's write units",
        aws.TABLE_WRITE_UNITS / aws.TRANSACTION,
        "a second",
        f"{aws.TABLE_WRITE_UNITS:,} units a second for a table",
        "the quota",
    )


def _telling() -> Iterator[Wall]:
    (mapping,) = functions()["fanout"]["Events"].values()
    at_once = mapping["Properties"]["ScalingConfig"]["MaximumConcurrency"]
    (shard, *_) = functions()["broadcast"]["Events"].values()
    org_posts = fanout.LANES * fanout.POSTS_A_SECOND
    packed = frames(bulk(LEADS), packed=True)
    in_a_frame = LEADS / (sum(map(len, packed)) / max(map(len, packed)))
    yield Wall(
        "the fleet",
        "posts to sockets",
        at_once * fanout.POSTS_A_SECOND,
        "a second",
        f"{at_once} functions, each paced to {fanout.POSTS_A_SECOND} a second with "
        f"{SOCKET_THREADS} under way: the rest of the account's requests is the buttons'",
        "the account's quota, then MaximumConcurrency",
    )
    yield Wall(
        "one org",
        "posts to sockets",
        org_posts,
        "a second",
        f"{fanout.LANES} lanes, each one function at a time; the others are for other orgs",
        "more lanes, with more functions",
    )
    yield Wall(
        f"one org, {SOCKETS:,} sockets",
        "changes that all are told, for hours",
        org_posts / SOCKETS * in_a_frame,
        "a second",
        f"{in_a_frame:.0f} changes fit a frame of a client that reads tables, each frame is a post "
        "for each socket",
        "fewer tables or rows subscribed to; the account's quota",
    )
    yield Wall(
        f"one org, {SOCKETS:,} sockets",
        f"frames of a bulk of {LEADS} leads, each socket",
        len(packed),
        f"({len(frames(bulk(LEADS), packed=False))} without tables)",
        "30 KB a frame",
        "-",
    )
    yield Wall(
        f"one org, {SOCKETS:,} sockets",
        "messages of the stream's readers",
        fanout.READERS / fanout.pause(1, SOCKETS),
        "a second",
        "the readers wait until the lanes take ten at a time: what comes meanwhile is in the next",
        "a queue between that gathers",
    )
    yield Wall(
        "a shard",
        "the wait of an org for another's burst",
        fanout.PAUSE_SECONDS,
        "s at most",
        "a reader pauses after a burst; nothing is posted to many sockets there",
        "nothing needed",
    )
    yield Wall(
        "a shard",
        "records of rows read",
        shard["Properties"]["BatchSize"] * fanout.READERS * aws.STREAM_POLLS,
        "a second",
        f"{fanout.READERS} readers, {aws.STREAM_POLLS} polls a second, "
        f"{shard['Properties']['BatchSize']:,} records each: lag is under a second below it",
        "ParallelizationFactor",
    )
    yield _connections_query()


def _connections_query() -> Wall:
    row: dict[str, Any] = {
        "connection_id": "L0SM9cOFvHcCIhw=",
        "org_id": "3d0a5c1e-7a52-4b43-9d3f-1f2b8f6f7a10",
        "expires_at": 1_795_194_600,
        "subscriptions": {**dict.fromkeys(TABLES, True), "packed": True},
    }
    read = SOCKETS * size(item(row)) / aws.UNIT_READ_BYTES / 2  # eventually consistent
    return Wall(
        f"one org, {SOCKETS:,} sockets",
        "queries for its connections",
        aws.PARTITION_READ_UNITS / read,
        "a second",
        f"{read:.0f} read units each, all from one key of by_org",
        "nothing needed: the readers pause, see above",
    )


def _sockets() -> Iterator[Wall]:
    (api,) = resources("AWS::Serverless::HttpApi").values()
    ticket = api["RouteSettings"]["POST /api/realtime/ticket"]["ThrottlingRateLimit"]
    changes = api["RouteSettings"]["GET /api/changes"]["ThrottlingRateLimit"]
    life = aws.SOCKET_HOURS * 3600
    yield Wall(
        "the fleet",
        "sockets that are opened",
        ticket,
        "a second",
        f"the tickets' bucket, below AWS's {aws.SOCKETS_OPENED} a second",
        "the quota, then the bucket",
    )
    yield Wall(
        "the fleet",
        "open sockets",
        ticket * life,
        "",
        f"each is opened again within {aws.SOCKET_HOURS} hours",
        "the same",
    )
    yield Wall(
        "the fleet",
        "clients that may come back in one moment and be live in 30 s",
        ticket * 30,
        "",
        "they spread over 30 s by rule; more of them are refused tickets at first, never buttons",
        "the same, or a longer spread",
    )
    yield Wall(
        "the fleet",
        "clients that poll, for want of a socket",
        changes * 20,
        "",
        "a page of changes every 20 s each, from a bucket of its own",
        "the bucket",
    )
    yield Wall(
        f"{SOCKETS:,} sockets",
        "renewals",
        renewals(SOCKETS),
        "a second",
        "a life is a random time from 100 to 118 minutes, so no crowd stays one",
        "-",
    )


def _texts() -> Iterator[Wall]:
    mappings = functions()["send_sms"]["Events"].values()
    at_once = min(
        sum(
            each["Properties"].get("ScalingConfig", {}).get("MaximumConcurrency", 0)
            for each in mappings
        ),
        aws.TWILIO_AT_ONCE,
    )
    yield Wall(
        "the fleet",
        "texts handed to Twilio",
        at_once / (TEXT_MS / 1000),
        "a second",
        f"{at_once} at once (template.yaml), {TEXT_MS:.0f} ms each; Twilio takes about "
        f"{aws.TWILIO_AT_ONCE} at once of an account",
        "MaximumConcurrency up to Twilio's limit, then an account for each org",
    )
    yield Wall(
        "one number",
        "texts that arrive",
        aws.LONG_CODE_TEXTS,
        "a second",
        "a carrier's limit of a long number; Twilio queues the rest",
        "a number with more (toll-free, short code), or several",
    )


def _entries(table: str, index: str) -> int:
    """Write units of an entry of this index: one, where it holds keys and little more."""
    (found,) = (
        each for each in tables()[table]["GlobalSecondaryIndexes"] if each["IndexName"] == index
    )
    return 0 if found["Projection"]["ProjectionType"] == "ALL" else 1
