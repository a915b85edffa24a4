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
"""The body that the database answered with last, by operation and table."""


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
    return {_asked(each.operation, each.body): each.answer for each in sent}


def _asked(operation: str, body: dict[str, Any]) -> str:
    return f"{operation} {body.get('TableName', '')}"


@contextmanager
def canned_http(client: Any, canned: Answers) -> Iterator[None]:
    """The network answers at once; all of botocore around it is at work."""

    def reply(request: Any, event_name: str, **_: Any) -> AWSResponse:
        text = canned[_asked(event_name.rpartition(".")[2], json.loads(request.body))]
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
    client._make_api_call = lambda operation, body: parsed[_asked(operation, body)]  # noqa: SLF001 - the one way in
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
