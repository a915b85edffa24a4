"""The adapter before a server that behaves as Twilio does on its bad days."""

from __future__ import annotations

import base64
import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
import urllib3

from closedloop.core.errors import ServiceUnavailableError
from closedloop.texts.clients import twilio as adapter
from closedloop.texts.clients.twilio import Twilio
from closedloop.texts.twilio_codes import Accepted, NotProcessed, QueueFull, Rejected, Unclear
from tests.support.database import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

Seen = list[tuple[str, str, dict[str, list[str]]]]


@contextmanager
def server(status: int, body: object, seen: Seen | None = None) -> Iterator[str]:
    """A server that answers so; status 0 takes the request and hangs up, -1 never answers."""
    release = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
            if seen is not None:
                seen.append((self.path, self.headers["Authorization"], form))
            if status == -1:
                release.wait(10)
            if status <= 0:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as started:
        thread = threading.Thread(target=started.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{started.server_port}"
        finally:
            release.set()
            started.shutdown()
            thread.join()


def send(base: str) -> object:
    """One text."""
    return Twilio(base, "ACtest", "12345").send("+1312", "+1313", "a b&c é", "https://x/cb#rc=5")


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (201, {"sid": "SM1", "status": "queued"}, Accepted("SM1", "queued")),
        (201, {"sid": "SM1"}, Accepted("SM1", "queued")),
        (201, b"not json", Unclear()),
        (201, [], Unclear()),
        (429, {"code": 20429}, NotProcessed()),
        (429, {"code": 21611}, QueueFull()),
        (400, {"code": 21611}, QueueFull()),
        (429, b"", NotProcessed()),
        (400, {"code": 21614}, Rejected(21614)),
        (400, {"code": 21610}, Rejected(21610)),
        (401, {"code": 20003}, Rejected(20003)),
        (404, b"", Rejected(404)),
        (500, {"code": 20500}, Unclear()),
        (503, b"", Unclear()),
        (302, b"", Unclear()),
        (0, b"", Unclear()),
    ],
)
def test_an_answer_means(status: int, body: object, outcome: object) -> None:
    """Accepted, not processed, refused for good, or: nobody can tell."""
    with server(status, body) as base:
        assert send(base) == outcome


def test_nobody_listens() -> None:
    """A connection that is refused has carried nothing: it is safe to try again."""
    assert send(f"http://127.0.0.1:{free_port()}") == NotProcessed()


def test_an_answer_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twilio may have the text: unclear, within the time-out, asked once."""
    monkeypatch.setattr(adapter, "_TIMEOUT", urllib3.Timeout(connect=1, read=0.5))
    seen: Seen = []
    with server(-1, b"", seen) as base:
        assert send(base) == Unclear()
    assert len(seen) == 1


def test_the_time_outs_leave_the_worker_time() -> None:
    """Both together are less than half of what the worker has."""
    timeout = adapter._TIMEOUT  # noqa: SLF001 - the setting is the fact under test
    assert timeout.connect_timeout + timeout.read_timeout < 15  # type: ignore[operator] # numbers


def test_what_is_sent() -> None:
    """The Messages resource, basic auth, a form, the callback with its fragment."""
    seen: Seen = []
    with server(201, {"sid": "SM1"}, seen) as base:
        send(base)
    ((path, authorization, form),) = seen
    assert path == "/2010-04-01/Accounts/ACtest/Messages.json"
    assert base64.b64decode(authorization.removeprefix("Basic ")) == b"ACtest:12345"
    assert form == {
        "To": ["+1312"], "From": ["+1313"], "Body": ["a b&c é"], "StatusCallback": ["https://x/cb#rc=5"],
    }  # fmt: skip


def test_what_twilio_lists() -> None:
    """Times of RFC 2822 and their zone, codes that may be null."""
    listed = {
        "sid": "SM1", "status": "undelivered", "body": "Hi", "error_code": 30006,
        "date_created": "Fri, 20 Nov 2026 15:00:00 +0000",
    }  # fmt: skip
    seen: Seen = []
    with server(200, {"messages": [listed, listed | {"error_code": None}]}, seen) as base:
        first, second = Twilio(base, "ACtest", "12345").sent_to("+1312", "+1313")
    assert (first.sid, first.status, first.error_code, second.error_code) == (
        "SM1", "undelivered", 30006, None,
    )  # fmt: skip
    assert first.created_at.isoformat() == "2026-11-20T15:00:00+00:00"
    assert seen[0][0].endswith("?To=%2B1312&From=%2B1313&PageSize=100")


@pytest.mark.parametrize(("status", "body"), [(500, b""), (200, b"?"), (200, {}), (0, b"")])
def test_a_list_that_cannot_be_had(status: int, body: object) -> None:
    """No answer is no knowledge: nothing is concluded from it."""
    with server(status, body) as base, pytest.raises(ServiceUnavailableError):
        Twilio(base, "ACtest", "12345").sent_to("+1312", "+1313")
