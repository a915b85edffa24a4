"""What the front door says about itself, and how it refuses what cannot be read."""

from __future__ import annotations

import asyncio
import gzip
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from local.door.runner import Runner
from tests.local.support import Answer, ask, raw

if TYPE_CHECKING:
    from local.stack import Stack

pytestmark = pytest.mark.stack

_JSON = {"Content-Type": "application/json"}


def assert_safe(answer: Answer) -> None:
    """The headers that production sets, on whatever this answers."""
    headers = answer.headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


def assert_refused(answer: Answer, status: int, code: str) -> None:
    """In the API's shape, with a request id, and safe."""
    assert (answer.status, answer.headers["content-type"].split(";")[0]) == (
        status,
        "application/json",
    )
    body = answer.json
    assert (body["success"], body["code"]) == (False, code)
    assert body["request_id"] == answer.headers["x-request-id"]
    assert_safe(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/en/leads",
        "/sandbox",
        "/sandbox/page.js",
        "/sandbox/page.css",
        "/sandbox/square.js",
        "/sandbox/tokens",
        "/auth/.well-known/jwks.json",
        "/api/open/a",
        "/api/open/crash",
        "/api/nothing",
        "/ws",
    ],
)
@pytest.mark.parametrize("method", ["GET", "OPTIONS", "PUT"])
def test_every_answer_carries_the_security_headers(lab: Stack, path: str, method: str) -> None:
    """Pages, files, the API, refusals and preflights."""
    assert_safe(ask(lab, method, path))


def test_a_page_may_open_the_stacks_socket_and_nothing_foreign(lab: Stack) -> None:
    """By either name of this machine, photos at one; an answer that is no page loads nothing."""
    page = ask(lab, "GET", "/sandbox").headers["content-security-policy"]
    port = lab.info["web_url"].rsplit(":", 1)[1]
    (connect,) = (part for part in page.split("; ") if part.startswith("connect-src"))
    assert connect.split(" ")[1:] == [
        "'self'",
        f"ws://127.0.0.1:{port}",
        f"ws://localhost:{port}",
        f"http://127.0.0.1:{port}",
    ]
    assert "default-src 'none'" in ask(lab, "GET", "/api/open/a").headers["content-security-policy"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/assets/none.js", 404, "NOT_FOUND"),
        ("GET", "/%00", 404, "NOT_FOUND"),
        ("GET", "/index.html%00.js", 404, "NOT_FOUND"),
        ("GET", "/" + "a" * 300 + ".js", 404, "NOT_FOUND"),
        ("GET", "/api/contacts/x%0a", 404, "NOT_FOUND"),
        ("PUT", "/sandbox/tokens", 405, "METHOD_NOT_ALLOWED"),
    ],
)
def test_the_doors_own_refusals_have_the_shape_of_all(
    lab: Stack, method: str, path: str, status: int, code: str
) -> None:
    """No text and no page of the server's own."""
    assert_refused(ask(lab, method, path), status, code)


def test_an_address_with_a_line_break_reaches_the_api(lab: Stack) -> None:
    """And not the web client."""
    answer = ask(lab, "GET", "/api/open/x%0a")
    assert answer.json["event"]["rawPath"].startswith("/api/open/x")


def test_a_foreign_name_is_refused_in_the_same_shape(lab: Stack) -> None:
    """421, before anything else is looked at."""
    answer = ask(lab, "GET", "/sandbox/tokens", headers={"Host": "evil.example"})
    assert_refused(answer, 421, "MISDIRECTED")


@pytest.mark.parametrize(
    "lines",
    [
        b"GET /?x=" + b"a" * 9000 + b" HTTP/1.1\r\nHost: {host}",
        b"GET / HTTP/1.1\r\nHost: {host}\r\nX-Long: " + b"a" * 9000,
        b"GET / HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer secret-token\x01",
        b"G@T / HTTP/1.1\r\nHost: {host}",
        b"GET / HTTP/1.1\r\nHost: {host}\r\nX-Idempotency-Key: abcdefgh\xe9",
        b"GET /api/open/\xe9?phone=+13125550143 HTTP/1.1\r\nHost: {host}",
    ],
    ids=["line", "header", "control", "method", "key", "path"],
)
def test_what_cannot_be_read_is_a_400_of_the_api(lab: Stack, lines: bytes) -> None:
    """Too long, or not text; a byte that would vanish on the way would change a key."""
    assert_refused(raw(lab.info["web_url"], lines), 400, "BAD_REQUEST")


def test_a_body_that_says_it_is_text_and_is_not_is_refused(lab: Stack) -> None:
    """The emulator would put question marks in the place of the bytes."""
    body = b'{"notes":"\xff\xfe"}'
    assert_refused(ask(lab, "POST", "/api/open/a", headers=_JSON, body=body), 400, "BAD_REQUEST")
    utf_16 = {"Content-Type": "text/plain; charset=utf-16"}
    assert ask(lab, "POST", "/api/open/a", headers=utf_16, body=body).status == 400


@pytest.mark.parametrize("encoding", ["gzip", "br", "unheard-of"])
def test_a_compressed_body_arrives_as_it_was_sent(lab: Stack, encoding: str) -> None:
    """The gateway unpacks nothing."""
    body = gzip.compress(b'{"a":1}', mtime=0)
    headers = {"Content-Encoding": encoding, "Content-Type": "application/octet-stream"}
    answer = ask(lab, "POST", "/api/open/a", headers=headers, body=body)
    assert answer.status == 200
    assert answer.json["event"]["headers"]["content-encoding"] == encoding
    assert answer.json["event"]["isBase64Encoded"] is True


def test_a_mistake_of_the_door_itself_stays_inside(caplog: pytest.LogCaptureFixture) -> None:
    """500 in the shape of all; the log says what kind and where, not with which words."""

    async def broken(request: web.Request) -> web.Response:
        raise LookupError(request.query["phone"])

    asked = b"GET /?phone=3125550143 HTTP/1.1\r\nHost: {host}"

    async def run() -> Answer:
        app = web.Application()
        app.router.add_get("/", broken)
        runner = Runner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            address = "http://{}:{}".format(*runner.addresses[0])
            return await asyncio.to_thread(raw, address, asked)
        finally:
            await runner.cleanup()

    assert_refused(asyncio.run(run()), 500, "INTERNAL")
    assert "LookupError" in caplog.text
    assert "in broken" in caplog.text
    assert "5550143" not in caplog.text


def test_the_log_tells_the_kind_of_what_could_not_be_read(lab: Stack) -> None:
    """Neither the token nor the number that stood in it; nobody else may read the log."""
    raw(
        lab.info["web_url"],
        b"GET /?phone=+13125550199 HTTP/1.1\r\nHost: {host}\r\n"
        b"Authorization: Bearer tell-nobody\x01",
    )
    raw(lab.info["web_url"], b"GET /?phone=+13125550199" + b"a" * 9000 + b" HTTP/1.1")
    log = lab.log()
    assert "tell-nobody" not in log
    assert "13125550199" not in log
    assert "LineTooLong" in log
    assert lab.settings.log_file.stat().st_mode & 0o077 == 0
