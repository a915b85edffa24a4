"""AWS's rules for stream batches, against a function that is told how to behave."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.pump.delivery import Answer, Delivery, Discarded
from local.pump.destination import message
from tests.local.stream_world import MAPPING, NOW, World, deliver, failing, records


@pytest.mark.parametrize("returned", [None, "", {}, {"batchItemFailures": []}, [], 7])
def test_an_answer_without_failures_is_a_success(returned: Any) -> None:
    """Nothing is repeated after an empty, null or missing list."""
    world = World(lambda _: Answer(returned))
    assert deliver(world, "abc")
    assert world.calls == [["a", "b", "c"]]


def test_a_null_list_is_a_success() -> None:
    """AWS takes a null list for complete success."""
    world = World(lambda _: Answer({"batchItemFailures": None}))
    assert deliver(world, "abc")
    assert len(world.calls) == 1


def test_delivery_goes_on_at_the_lowest_failure() -> None:
    """Of several named records the earliest one is the checkpoint."""
    answers = iter([failing("c", "b"), Answer()])
    world = World(lambda _: next(answers))
    assert deliver(world, "abcd")
    assert world.calls == [["a", "b", "c", "d"], ["b", "c", "d"]]


@pytest.mark.parametrize("name", ["", None, "unknown"])
def test_a_name_that_is_no_record_fails_the_whole_batch(name: str | None) -> None:
    """Also when another name beside it is one."""
    answers = iter([failing("c", name), Answer()])
    world = World(lambda _: next(answers))
    assert deliver(world, "abc")
    assert world.calls == [["a", "b", "c"], ["a", "b", "c"]]


def test_a_misspelt_failure_fails_the_whole_batch() -> None:
    """A failure without `itemIdentifier` names nothing."""
    answers = iter([Answer({"batchItemFailures": [{"identifier": "c"}]}), Answer()])
    world = World(lambda _: next(answers))
    assert deliver(world, "abc")
    assert world.calls == [["a", "b", "c"], ["a", "b", "c"]]


def test_reported_failures_count_only_when_the_mapping_asks_for_them() -> None:
    """Without ReportBatchItemFailures an answer is an answer."""
    world = World(lambda _: failing("a"))
    assert deliver(world, "abc", replace(MAPPING, reports_failures=False))
    assert len(world.calls) == 1


def test_a_crash_repeats_the_whole_batch_until_the_retries_are_used_up() -> None:
    """Two retries are three calls; then the batch is discarded as one."""
    world = World(lambda _: Answer(crashed=True))
    assert deliver(world, "abc")
    assert world.calls == [["a", "b", "c"]] * 3
    assert world.lost == [["a", "b", "c"]]
    assert world.discarded[0].condition == "RetryAttemptsExhausted"
    assert world.discarded[0].invocations == 3


def test_no_retries_discard_at_the_first_failure() -> None:
    """MaximumRetryAttempts 0 is a limit, not the absence of one."""
    world = World(lambda _: Answer(crashed=True))
    assert deliver(world, "a", replace(MAPPING, max_retries=0))
    assert len(world.calls) == 1
    assert world.lost == [["a"]]


def test_without_a_limit_a_batch_is_repeated_until_it_succeeds() -> None:
    """-1 blocks the shard rather than losing a record."""
    answers = iter([Answer(crashed=True)] * 50 + [Answer()])
    world = World(lambda _: next(answers))
    assert deliver(world, "a", replace(MAPPING, max_retries=-1))
    assert len(world.calls) == 51
    assert not world.discarded


def test_the_waits_grow_and_end_at_five_seconds() -> None:
    """A broken function is not called in a tight loop."""
    answers = iter([Answer(crashed=True)] * 12 + [Answer()])
    world = World(lambda _: next(answers))
    deliver(world, "a", replace(MAPPING, max_retries=-1))
    assert world.pauses == sorted(world.pauses)
    assert world.pauses[-1] == 5


def test_a_partial_success_does_not_renew_the_retries() -> None:
    """What stands behind a record that is reported every time is discarded with it."""
    world = World(lambda names: failing("c") if "c" in names else Answer())
    assert deliver(world, "abcde")
    assert world.processed == ["a", "b"]
    assert world.lost == [["c", "d", "e"]]
    assert len(world.calls) == 3


def test_a_split_isolates_the_record_that_crashes_the_function() -> None:
    """Every other record is processed once and in order; a split uses up no retry."""
    world = World(lambda names: Answer(crashed="d" in names))
    assert deliver(world, "abcdefgh", replace(MAPPING, bisects=True))
    assert world.processed == list("abcefgh")
    assert world.lost == [["d"]]
    assert world.discarded[0].invocations == 3


def test_a_partial_success_is_cut_where_the_function_says() -> None:
    """With splitting on, a reported failure is no reason to halve what remains."""
    answers = iter([failing("b"), Answer()])
    world = World(lambda _: next(answers))
    assert deliver(world, "abcd", replace(MAPPING, bisects=True))
    assert world.calls == [["a", "b", "c", "d"], ["b", "c", "d"]]


def test_records_that_are_too_old_are_discarded_unseen() -> None:
    """The younger ones behind them are delivered."""
    world = World(lambda _: Answer())
    mapping = replace(MAPPING, max_age=60)
    batch = records("ab", created=NOW - 61) + records("c")
    assert Delivery(mapping, world, now=lambda: NOW).deliver(batch)
    assert world.calls == [["c"]]
    assert world.lost == [["a", "b"]]
    assert world.discarded[0].condition == "RecordAgeExceeded"


def test_a_failing_record_grows_too_old_between_tries() -> None:
    """Age ends what unlimited retries would not."""
    clock = iter([NOW, NOW + 30, NOW + 61])
    world = World(lambda _: Answer(crashed=True))
    mapping = replace(MAPPING, max_retries=-1, max_age=60)
    assert Delivery(mapping, world, now=lambda: next(clock)).deliver(records("a"))
    assert len(world.calls) == 2
    assert world.discarded[0].condition == "RecordAgeExceeded"


def test_the_end_of_the_pump_leaves_a_failing_batch_undecided() -> None:
    """It is neither processed nor discarded."""
    world = World(lambda _: Answer(crashed=True), stops_at_pause=True)
    assert not deliver(world, "ab")
    assert not world.discarded


def test_an_empty_batch_calls_nobody() -> None:
    """All records may have been filtered out."""
    world = World(lambda _: Answer())
    assert deliver(world, "")
    assert not world.calls


@given(
    names=st.sets(st.sampled_from("abcdefghijkl"), min_size=1).map(sorted),
    poison=st.sets(st.sampled_from("abcdefghijkl")),
    retries=st.integers(0, 3),
)
def test_with_splitting_only_poison_is_lost_and_order_is_kept(
    names: list[str], poison: set[str], retries: int
) -> None:
    """Whichever records crash the function: each other one is processed once, in order."""
    world = World(lambda seen: Answer(crashed=bool(poison & set(seen))))
    mapping = replace(MAPPING, bisects=True, max_retries=retries)
    assert deliver(world, "".join(names), mapping)
    assert world.processed == [name for name in names if name not in poison]
    assert world.lost == [[name] for name in names if name in poison]


def test_the_destination_is_told_as_aws_tells_it() -> None:
    """The message names the range of records, not the records."""
    discarded = Discarded(records("abc", created=1_574_000_000), "RetryAttemptsExhausted", 3)
    told = message(MAPPING, "shardId-1", discarded, datetime(2026, 11, 20, 15, tzinfo=UTC))
    assert told["requestContext"].pop("requestId")
    assert told == {
        "requestContext": {
            "functionArn": MAPPING.function,
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 3,
        },
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        },
        "version": "1.0",
        "timestamp": "2026-11-20T15:00:00.000Z",
        "DDBStreamBatchInfo": {
            "shardId": "shardId-1",
            "startSequenceNumber": "a",
            "endSequenceNumber": "c",
            "approximateArrivalOfFirstRecord": "2019-11-17T14:13:20Z",
            "approximateArrivalOfLastRecord": "2019-11-17T14:13:20Z",
            "batchSize": 3,
            "streamArn": MAPPING.stream,
        },
    }
