"""A server that answers as it was told to, one answer after the other, and notes each request."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from closedloop.square.clients.calls import Calls
from closedloop.square.clients.square import Square

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from closedloop.square.clients.calls import Token

HANG_UP, NEVER = 0, -1


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class Answer:
    """One answer. Status 0 takes the request and hangs up, -1 says nothing."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Script:
    """What is to be answered; the last answer is repeated."""

    answers: list[Answer]
    asked: list[Asked] = field(default_factory=list)
    url: str = ""
    ends: list[Callable[[], object]] = field(default_factory=list)

    def square(self, value: str = "known") -> Square:
        """A client of this server that does not wait its turn."""
        return Square(self.calls(token(value), calls_a_second=1_000_000))

    def calls(self, known: Token, **settings: Any) -> Calls:
        """A client of this server whose connections end with it."""
        made = Calls(self.url, known, **settings)
        self.ends.append(made.close)
        return made


@contextmanager
def scripted(*answers: Answer) -> Iterator[Script]:
    """The server, and what it was asked."""
    script = Script(list(answers))
    release = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = json.loads(content) if content else None
            query = dict(parse_qsl(parts.query))
            script.asked.append(Asked(self.command, parts.path, query, headers, body))
            answers = script.answers
            self._say(answers.pop(0) if len(answers) > 1 else answers[0])

        def _say(self, answer: Answer) -> None:
            if answer.status == NEVER:
                release.wait(10)
            if answer.status <= HANG_UP:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            raw = isinstance(answer.body, bytes)
            content = answer.body if raw else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        server.daemon_threads = True
        thread.start()
        script.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield script
        finally:
            release.set()
            for end in script.ends:
                end()
            server.shutdown()
            thread.join()


def token(*values: str) -> Token:
    """A secret that is cached: `fresh` finds the next value, and the last one from then on."""
    left = list(values)

    def read(*, fresh: bool) -> str:
        if fresh and len(left) > 1:
            left.pop(0)
        return left[0]

    return read


def error(code: str, status: int, **fields: Any) -> Answer:
    """A refusal in Square's shape."""
    return Answer(status, {"errors": [{"category": "API_ERROR", "code": code} | fields]})
