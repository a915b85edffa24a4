"""What a handler says to the database, and canned answers in its place."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSResponse

if TYPE_CHECKING:
    from collections.abc import Iterator

Answers = dict[str, str]
"""The body that the database answered with last: by row, by tables, and by operation alone, for a
warm press may ask for less than the one that was listened to."""


@dataclass(frozen=True)
class Sent:
    """One request to the database and its answer."""

    operation: str
    body: dict[str, Any]
    answer: str
    done: bool
    """Whether the database did it; a condition may have said no."""


@contextmanager
def recorded(client: Any) -> Iterator[list[Sent]]:
    """The requests of a client meanwhile, in order."""
    sent: list[Sent] = []
    bodies: list[dict[str, Any]] = []

    def ask(params: dict[str, Any], **_: Any) -> None:
        bodies.append(json.loads(params["body"]))

    def answer(http_response: Any, model: Any, **_: Any) -> None:
        text = http_response.content.decode()
        sent.append(Sent(model.name, bodies[-1], text, http_response.status_code == 200))

    events = client.meta.events
    events.register("before-call.dynamodb", ask)
    events.register("after-call.dynamodb", answer)
    try:
        yield sent
    finally:
        events.unregister("before-call.dynamodb", ask)
        events.unregister("after-call.dynamodb", answer)


def answers(sent: list[Sent]) -> Answers:
    """What was answered, to be answered again."""
    return {name: each.answer for each in sent for name in _names(each.operation, each.body)}


def _answer(canned: dict[str, Any], operation: str, body: dict[str, Any]) -> Any:
    return canned[next(name for name in _names(operation, body) if name in canned)]


def _names(operation: str, body: dict[str, Any]) -> tuple[str, str, str]:
    """What is asked, from the row to the operation."""
    tables = f"{operation} {body.get('TableName') or sorted(body.get('RequestItems', {}))}"
    return f"{tables} {body.get('Key', {}).get('id')}", tables, operation


@contextmanager
def canned_http(client: Any, canned: Answers) -> Iterator[None]:
    """The network answers at once; all of botocore around it is at work."""

    def reply(request: Any, event_name: str, **_: Any) -> AWSResponse:
        text: str = _answer(canned, event_name.rpartition(".")[2], json.loads(request.body))
        return AWSResponse(request.url, 200, {}, _Raw(text.encode()))

    client.meta.events.register_first("before-send.dynamodb", reply)
    try:
        yield
    finally:
        client.meta.events.unregister("before-send.dynamodb", reply)


@contextmanager
def canned_client(client: Any, canned: Answers) -> Iterator[None]:
    """The client's methods answer at once: nothing of botocore is at work."""
    parsed = {asked: json.loads(text) for asked, text in canned.items()}
    client._make_api_call = lambda operation, body: _answer(parsed, operation, body)  # noqa: SLF001 - the one way in
    try:
        yield
    finally:
        del client._make_api_call  # noqa: SLF001 - same


class UnexpectedAnswerError(Exception):
    """What is measured did not happen, so the figure would be of something else."""


class _Raw:
    """The body of an answer that was made here."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: Any) -> Iterator[bytes]:
        """The body in one piece."""
        yield self._content
