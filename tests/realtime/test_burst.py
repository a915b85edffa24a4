"""A bulk of 500 leads to thousands of sockets, on a virtual clock with the code's own messages."""

from __future__ import annotations

import pytest

from bench import scale_quotas
from bench.scale_burst import World
from closedloop.realtime import fanout

SOCKETS = 1_200  # enough for every lane
SECONDS = 60


@pytest.mark.parametrize("slow", [1, 2])
def test_everybody_has_a_bulk_in_three_frames(slow: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a minute, nothing given up, each socket three frames at most.

    Also where each commit takes twice as long.
    """
    milliseconds = scale_quotas.TRANSACTION_MS * slow
    monkeypatch.setattr("bench.scale_quotas.TRANSACTION_MS", milliseconds)
    told = World(sockets=SOCKETS).happen()
    assert (told.untold, told.dead, told.queued_again) == (0, 0, 0)
    assert told.frames <= 3
    assert told.seconds < SECONDS


def test_hanging_and_gone_sockets_keep_nobody_waiting() -> None:
    """One in a hundred each: the hanging are ended, the gone forgotten, all others are told."""
    told = World(sockets=SOCKETS, hanging=0.01, gone=0.01).happen()
    assert (told.untold, told.dead) == (0, 0)
    assert (told.ended, told.gone) == (12, 12)
    assert told.seconds < SECONDS


def test_one_orgs_burst_delays_no_other_org() -> None:
    """Its presses are told as fast as when it is alone."""
    alone = World(sockets=SOCKETS, leads=0).happen()
    beside = World(sockets=SOCKETS).happen()
    assert 0 < beside.other_seconds <= alone.other_seconds + 0.01


def test_what_is_missing_when_time_is_up_is_told_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Messages too large for the function's time: only the rest comes again, till it is told."""
    monkeypatch.setattr("bench.scale_burst.LAST_SECONDS", 59)
    told = World(sockets=SOCKETS).happen()
    assert told.queued_again > 0
    assert (told.untold, told.dead) == (0, 0)
    assert told.posts == SOCKETS * told.frames + 400 * 10


def test_an_org_without_a_listener_is_nobodys_work() -> None:
    """Neither by the queue nor otherwise."""
    assert not fanout.by_queue(1_000, 0)
