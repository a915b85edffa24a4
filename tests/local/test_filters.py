"""Which stream records an event filter lets through."""

from __future__ import annotations

from typing import Any

import pytest

from local.pump.filters import passes

RECORD: dict[str, Any] = {
    "eventName": "MODIFY",
    "dynamodb": {
        "Keys": {"id": {"S": "apt_1"}},
        "NewImage": {"status": {"S": "pending"}, "version": {"N": "7"}, "tags": {"SS": ["a", "b"]}},
    },
}


@pytest.mark.parametrize(
    "pattern",
    [
        {"eventName": ["INSERT", "MODIFY"]},
        {"dynamodb": {"NewImage": {"status": {"S": ["pending"]}}}},
        {"dynamodb": {"NewImage": {"status": {"S": [{"prefix": "pend"}]}}}},
        {"dynamodb": {"NewImage": {"status": {"S": [{"suffix": "ing"}]}}}},
        {"dynamodb": {"NewImage": {"status": {"S": [{"equals-ignore-case": "PENDING"}]}}}},
        {"dynamodb": {"NewImage": {"status": {"S": [{"anything-but": ["sent"]}]}}}},
        {"dynamodb": {"NewImage": {"status": {"S": [{"anything-but": {"prefix": "s"}}]}}}},
        {"dynamodb": {"NewImage": {"tags": {"SS": ["b"]}}}},
        {"dynamodb": {"OldImage": {"status": {"S": [{"exists": False}]}}}},
        {"dynamodb": {"NewImage": {"status": {"S": [{"exists": True}]}}}},
        {"$or": [{"eventName": ["REMOVE"]}, {"eventName": ["MODIFY"]}]},
        {},
    ],
)
def test_a_record_that_fits_passes(pattern: dict[str, Any]) -> None:
    """Every field of the pattern fits."""
    assert passes(RECORD, [pattern])


@pytest.mark.parametrize(
    "pattern",
    [
        {"eventName": ["REMOVE"]},
        {"eventName": ["MODIFY"], "dynamodb": {"Keys": {"id": {"S": ["apt_2"]}}}},
        {"dynamodb": {"NewImage": {"status": {"S": [{"anything-but": "pending"}]}}}},
        {"dynamodb": {"OldImage": {"status": {"S": [{"anything-but": ["x"]}]}}}},
        {"dynamodb": {"NewImage": {"version": {"N": [7]}}}},
        {"dynamodb": {"NewImage": {"version": {"N": [{"numeric": ["=", 7]}]}}}},
        {"$or": [{"eventName": ["REMOVE"]}, {"eventName": ["INSERT"]}]},
    ],
)
def test_a_record_that_does_not_fit_is_held_back(pattern: dict[str, Any]) -> None:
    """One field is enough; numbers are text in a stream."""
    assert not passes(RECORD, [pattern])


def test_one_pattern_of_several_is_enough() -> None:
    """Patterns are alternatives."""
    assert passes(RECORD, [{"eventName": ["REMOVE"]}, {"eventName": ["MODIFY"]}])


def test_without_patterns_every_record_passes() -> None:
    """A mapping without filters delivers all."""
    assert passes(RECORD, [])
