"""Frames: as few as can be, none too large, and the same events come out again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closedloop.realtime import packing
from tests.realtime.support import bulk, image

if TYPE_CHECKING:
    from closedloop.core.rows import Row

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["~", "~~", "^", "é", 1.0, "", "long"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=3,
)
ROWS = st.none() | st.dictionaries(st.sampled_from(["a", "b", "notes", "id"]), VALUES, max_size=4)
EVENTS = st.lists(
    st.fixed_dictionaries(
        {"type": st.sampled_from("IUD"), "id": st.text(max_size=2), "record": ROWS},
        optional={"old_record": ROWS, "truncated": st.just(value=True)},
    ),
    max_size=12,
)


def told(frames: list[str]) -> list[Row]:
    """The events of frames, in order."""
    return [event for frame in frames for event in packing.unpacked(json.loads(frame))]


@given(events=EVENTS, packed=st.booleans())
def test_the_same_events_come_out_in_the_same_order(
    events: list[Row],
    packed: bool,  # noqa: FBT001 - drawn
) -> None:
    """To the last bit: True is not 1, what is missing is not null, and a tilde is a tilde."""
    exactly = [json.dumps(each, sort_keys=True) for each in events]
    frames = packing.frames(events, packed=packed)
    assert [json.dumps(each, sort_keys=True) for each in told(frames)] == exactly
    whole = packing.unpacked(json.loads(packing.pack(events)))
    assert [json.dumps(each, sort_keys=True) for each in whole] == exactly


@given(
    sizes=st.lists(st.integers(0, packing.FRAME_BYTES), max_size=30),
    letter=st.sampled_from(["a", "é", '"']),
    packed=st.booleans(),
)
def test_no_frame_is_too_large(
    sizes: list[int],
    letter: str,
    packed: bool,  # noqa: FBT001 - drawn
) -> None:
    """Whatever the events' sizes, as long as each of them fits a frame of its own."""
    events: list[Row] = [{"id": n, "record": {"x": letter * size}} for n, size in enumerate(sizes)]
    events = [each for each in events if len(packing.dump(each).encode()) <= packing.FRAME_BYTES]
    frames = packing.frames(events, packed=packed)
    assert all(len(frame.encode()) <= packing.FRAME_BYTES for frame in frames)
    assert told(frames) == events


@pytest.mark.parametrize(("over", "count"), [(-1, 1), (1, 2)])
def test_a_frame_is_filled_and_not_beyond(over: int, count: int) -> None:
    """Two events that all but fill a frame are one; a byte too much makes them two."""
    empty = len(packing.dump([{"x": ""}, {"x": ""}]))
    first = (packing.FRAME_BYTES - empty) // 2
    second = packing.FRAME_BYTES - empty - first + over
    frames = packing.frames([{"x": "a" * each} for each in (first, second)], packed=False)
    assert len(frames) == count
    assert max(map(len, frames)) <= packing.FRAME_BYTES


def test_one_event_is_a_frame_without_an_array() -> None:
    """As it always was; several are an array, and none are nothing."""
    one: dict[str, Any] = {"id": "a", "record": image("a", 1)}
    for packed in (False, True):
        assert packing.frames([], packed=packed) == []
        assert json.loads(*packing.frames([one], packed=packed)) == one
        assert json.loads(*packing.frames([one, one], packed=packed)) == [one, one]


def test_who_reads_no_tables_gets_none() -> None:
    """An array of whole events, full frames but for the last."""
    frames = packing.frames(bulk(500), packed=False)
    assert all("rows" not in each for frame in frames for each in json.loads(frame))
    assert len(frames) == 14
    assert min(map(len, frames[:-1])) > packing.FRAME_BYTES - 1000


def test_a_bulk_of_500_leads_is_three_frames() -> None:
    """Leads as people keep them: names, numbers, addresses, some notes, uuids."""
    frames = packing.frames(bulk(500), packed=True)
    assert len(frames) <= 3
    assert told(frames) == bulk(500)
