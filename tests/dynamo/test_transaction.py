"""One request to the database: what its answer means, and how often it is asked again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from closedloop.core import deadline
from closedloop.core.errors import RateLimitedError, ServiceUnavailableError
from closedloop.dynamo import transaction
from closedloop.dynamo.transaction import (
    BusyError,
    ConditionFailedError,
    UnclearError,
    repeat,
    settle,
)
from tests.support.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable

PAUSES = [(0, 0.0), (0, 0.02), (0, 0.04), (0, 0.08), (0, 0.16), (0, 0.32)]
LOST = ReadTimeoutError(endpoint_url="http://database")
ROW = {"id": {"S": "l1"}}


def error(code: str, status: int = 400, **more: Any) -> ClientError:
    """An error as DynamoDB answers it."""
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError({**response, **more}, "TransactWriteItems")


def cancelled(*reasons: str) -> ClientError:
    """A cancelled transaction with the reason of each of its items."""
    listed = [{"Code": each} for each in reasons]
    return error("TransactionCanceledException", CancellationReasons=listed)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float]]:
    """Between which bounds each pause was drawn; always the longest, on a clock of its own."""
    drawn: list[tuple[float, float]] = []

    def longest(low: float, high: float) -> float:
        drawn.append((low, high))
        return high

    monkeypatch.setattr(transaction, "_JITTER", SimpleNamespace(uniform=longest))
    Clock(monkeypatch)
    return drawn


def answering(*answers: Any) -> Callable[[], Any]:
    """A request whose tries are answered so, one after the other, the last one for ever."""
    left = list(answers)

    def send() -> Any:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return send


@pytest.mark.parametrize(
    ("trouble", "meaning"),
    [
        (error("ThrottlingException"), BusyError),
        (error("TransactionConflictException"), BusyError),
        (error("TransactionInProgressException"), BusyError),
        (error("InternalServerError", 500), UnclearError),
        (error("ServiceUnavailable", 503), UnclearError),
        (error("ThrottlingException", 500), BusyError),
        (error("ValidationException", 499), ClientError),
        (error("ConditionalCheckFailedException"), ConditionFailedError),
        (cancelled("None", "ConditionalCheckFailed"), ConditionFailedError),
        (cancelled("TransactionConflict", "ConditionalCheckFailed"), ConditionFailedError),
        (cancelled("None", "ThrottlingError"), BusyError),
        (cancelled("None", "TransactionConflict"), BusyError),
        (cancelled("None", "ValidationError"), ClientError),
        (LOST, UnclearError),
        (EndpointConnectionError(endpoint_url="http://database"), UnclearError),
    ],
)
@pytest.mark.usefixtures("pauses")
def test_what_an_answer_means(trouble: Exception, meaning: type[Exception]) -> None:
    """Refused, busy, unclear, or a defect of ours, which goes on as it is."""
    with pytest.raises(meaning) as met:
        repeat(answering(trouble))
    assert type(met.value) is meaning


def test_a_refusal_shows_the_rows_that_refused() -> None:
    """By position, None where there is no row; of a single write it is the first."""
    reasons = [
        {"Code": "None"}, {"Code": "ConditionalCheckFailed", "Item": ROW},
        {"Code": "ConditionalCheckFailed"}, {"Code": "TransactionConflict"},
    ]  # fmt: skip
    several = error("TransactionCanceledException", CancellationReasons=reasons)
    single = error("ConditionalCheckFailedException", Item=ROW)
    for trouble, rows in ((several, {1: {"id": "l1"}, 2: None}), (single, {0: {"id": "l1"}})):
        with pytest.raises(ConditionFailedError) as failed:
            repeat(answering(trouble))
        assert failed.value.rows == rows


@pytest.mark.usefixtures("pauses")
def test_a_busy_transaction_names_what_another_one_holds() -> None:
    """Not what is throttled: that is nobody's, and a key there is not under way."""
    with pytest.raises(BusyError) as busy:
        repeat(answering(cancelled("ThrottlingError", "None", "TransactionConflict")))
    assert busy.value.positions == {2}


def test_an_answer_that_is_final_is_not_asked_for_again(pauses: list[Any]) -> None:
    """One try for it, whether it is a yes or a no."""
    assert repeat(answering("done")) == "done"
    with pytest.raises(ConditionFailedError):
        repeat(answering(cancelled("ConditionalCheckFailed")))
    assert pauses == PAUSES[:1] * 2


def test_six_tries_with_pauses_that_double(pauses: list[Any]) -> None:
    """Each drawn from nothing up to its longest; then it is busy."""
    with pytest.raises(BusyError):
        repeat(answering(error("ThrottlingException")))
    assert pauses == PAUSES
    assert repeat(answering(LOST, error("ThrottlingException"), "done")) == "done"


@pytest.mark.usefixtures("pauses")
def test_busy_says_nothing_of_a_lost_answer() -> None:
    """It may have been done: whoever asked must not be told that nothing was."""
    with pytest.raises(UnclearError):
        repeat(answering(LOST, error("ThrottlingException")))
    with pytest.raises(UnclearError):
        repeat(answering(error("ThrottlingException"), LOST))


@pytest.mark.parametrize(("spent", "tries"), [(0.0, 6), (-0.02, 2), (-0.019, 1)])
def test_nothing_is_asked_when_time_is_up(
    monkeypatch: pytest.MonkeyPatch, pauses: list[Any], spent: float, tries: int
) -> None:
    """A pause may end at the very deadline and not behind it."""
    asked: list[None] = []

    def send() -> None:
        asked.append(None)
        raise error("ThrottlingException")

    if spent:
        monkeypatch.setattr(deadline, "until", lambda: 1000 - spent)  # the clock shows 1000
    with pytest.raises(BusyError):
        repeat(send)
    assert (len(asked), len(pauses)) == (tries, min(6, tries + 1))


@pytest.mark.parametrize(
    ("trouble", "refusal"),
    [
        (error("ThrottlingException"), RateLimitedError),
        (cancelled("TransactionConflict"), RateLimitedError),
        (LOST, ServiceUnavailableError),
    ],
)
@pytest.mark.usefixtures("pauses")
def test_one_request_in_words_that_an_edge_knows(
    trouble: Exception, refusal: type[Exception]
) -> None:
    """What is final comes back; what stays busy or unclear is a refusal."""
    assert settle(answering(trouble, "done")) == "done"
    with pytest.raises(refusal):
        settle(answering(trouble))
    with pytest.raises(ConditionFailedError):
        settle(answering(cancelled("ConditionalCheckFailed")))


@pytest.mark.parametrize(
    ("trouble", "refusal"),
    [
        (error("ThrottlingException"), RateLimitedError),
        (cancelled("ThrottlingError"), RateLimitedError),
        (cancelled("TransactionConflict"), BusyError),
        (LOST, ServiceUnavailableError),
        (cancelled("ConditionalCheckFailed"), ConditionFailedError),
    ],
)
@pytest.mark.usefixtures("pauses")
def test_a_transaction_keeps_its_token(trouble: Exception, refusal: type[Exception]) -> None:
    """Every try of one is the same to the database; a conflict goes on to the store."""
    tokens: list[str] = []

    def write(*, TransactItems: Any, ClientRequestToken: str) -> None:  # noqa: N803 - AWS's names
        assert TransactItems == [{"Put": {"TableName": "t", "Item": ROW}}]
        tokens.append(ClientRequestToken)
        raise trouble

    client = SimpleNamespace(transact_write_items=write)
    with pytest.raises(refusal):
        transaction.transact(client, [{"Put": {"TableName": "t", "Item": {"id": "l1"}}}])
    assert len(set(tokens)) == 1
    assert len(tokens) == (1 if refusal is ConditionFailedError else 6)
