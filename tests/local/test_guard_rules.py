"""The guard in front of the emulator, without a network."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from local.emulator.guard import DOOR_HEADER, Guard, door_token, token
from local.settings import PHOTOS_BUCKET

HOST = "127.0.0.1:4566"
SECRET = "of this run"
KEY = "000000000000"


def passed(
    path: str = "/", kind: str = "http", host: str = HOST, asked: str = "POST", **headers: str
) -> dict[str, Any] | None:
    """The scope as the emulator gets it; None when the request was refused."""
    got: list[dict[str, Any]] = []

    async def emulator(scope: dict[str, Any], _receive: Any, _send: Any) -> None:
        got.append(scope)

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        assert message.get("status", 403) == 403

    named = [(name.replace("_", "-").lower().encode(), value) for name, value in headers.items()]
    lines = [(b"host", host), *named]
    where, _, query = path.partition("?")
    scope = {
        "type": kind, "method": asked, "path": where, "query_string": query.encode(),
        "headers": [(n, v.encode()) for n, v in lines],
    }  # fmt: skip
    asyncio.run(Guard(emulator, HOST, SECRET, {"ASIA9": "issued"})(scope, receive, send))
    return got[0] if got else None


def sdk(key: str = KEY, given: str | None = None) -> dict[str, str]:
    """The headers of a request that an SDK has signed."""
    return {
        "authorization": f"AWS4-HMAC-SHA256 Credential={key}/20261121/us-east-1/s3/aws4_request, x",
        "x_amz_security_token": token(SECRET, key) if given is None else given,
    }


def door(given: str | None = None) -> dict[str, str]:
    """The header of the front door."""
    return {DOOR_HEADER.decode().replace("-", "_"): door_token(SECRET) if given is None else given}


def test_a_request_with_its_keys_token_passes() -> None:
    """As it came."""
    assert passed(**sdk()) is not None
    assert passed("/_aws/execute-api/a/s/@connections/c", **sdk("ASIA1")) is not None


def test_what_sts_has_issued_is_good_for_its_key() -> None:
    """And for no other."""
    assert passed(**sdk("ASIA9", "issued")) is not None
    assert passed(**sdk("ASIA9")) is None
    assert passed(**sdk("ASIA1", "issued")) is None


@pytest.mark.parametrize("given", ["", "x", token("of another run", KEY), token(SECRET, "ASIA1")])
def test_any_other_token_does_not(given: str) -> None:
    """Of another key, or of another run."""
    assert passed(**sdk(given=given)) is None


def test_two_credentials_are_refused() -> None:
    """The emulator would choose another one than the guard did."""
    headers = sdk()
    twice = headers["authorization"].replace("AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256 Credential=a/ ")
    assert passed(**(headers | {"authorization": twice})) is None
    assert passed(**headers, Authorization="Bearer x") is None


def test_the_doors_token_opens_the_apis_and_nothing_else() -> None:
    """A way around the proxy's own rules would end here."""
    assert passed("/_ministack/health", **door()) is not None
    for path in ("/", "/_ministack/config", "/_aws/execute-api/a/s/@connections/c"):
        assert passed(path, **door()) is None
    assert passed("/_aws/execute-api/a/s/api/x", **door("guessed")) is None


def test_the_door_may_hand_on_what_a_browser_said() -> None:
    """It has judged it; its own header is taken off."""
    for kind in ("http", "websocket"):
        said = {"host": "localhost:8787", "origin": "http://localhost:5173"}
        scope = passed("/_aws/execute-api/a/s/x", kind, **door(), **said)
        assert scope is not None
        assert DOOR_HEADER not in {name for name, _ in scope["headers"]}


@pytest.mark.parametrize("foreign", [{"origin": "null"}, {"sec_fetch_site": "same-origin"}])
def test_a_browser_is_refused(foreign: dict[str, str]) -> None:
    """No page has business here."""
    assert passed(**sdk(), **foreign) is None


@pytest.mark.parametrize("host", ["evil.example", "localhost:4566", "127.0.0.1", ""])
def test_another_name_is_refused(host: str) -> None:
    """Whoever answers to it, this machine does not."""
    assert passed(host=host, **sdk()) is None


def test_the_servers_own_messages_pass() -> None:
    """It starts and ends the emulator."""
    assert passed(kind="lifespan") is not None


FORM = {"content_type": "multipart/form-data; boundary=x"}
PHOTO = f"/{PHOTOS_BUCKET}/photos/demo/job_1/photo_1.jpg"


def test_the_doors_token_posts_a_form_to_the_photos_and_reads_one_by_its_address() -> None:
    """With a signature in the address; the emulator judges it."""
    assert passed(f"/{PHOTOS_BUCKET}", **door(), **FORM) is not None
    assert passed(f"{PHOTO}?X-Amz-Signature=x", asked="GET", **door()) is not None
    assert passed(f"/{PHOTOS_BUCKET}", **FORM) is None


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("POST", f"/{PHOTOS_BUCKET}?delete"),
        ("POST", f"/{PHOTOS_BUCKET}/photos/x"),
        ("POST", "/closedloop-artifacts"),
        ("POST", "/"),
        ("PUT", f"/{PHOTOS_BUCKET}"),
        ("PUT", f"{PHOTO}?X-Amz-Signature=x"),
        ("DELETE", f"{PHOTO}?X-Amz-Signature=x"),
        ("GET", PHOTO),
        ("GET", f"/{PHOTOS_BUCKET}?X-Amz-Signature=x"),
        ("GET", f"/{PHOTOS_BUCKET}/pending/demo/job_1/photo_1?X-Amz-Signature=x"),
        ("GET", "/closedloop-artifacts/template.json?X-Amz-Signature=x"),
    ],
)
def test_the_doors_token_does_nothing_else_with_a_bucket(asked: str, path: str) -> None:
    """No listing, no deleting, no other bucket, and nothing of what waits to be checked."""
    assert passed(path, asked=asked, **door(), **FORM) is None


@pytest.mark.parametrize("kind", ["application/xml", "", "multipart/form-data"])
def test_only_a_form_is_posted_to_the_photos(kind: str) -> None:
    """Other bodies make other calls of a POST."""
    assert passed(f"/{PHOTOS_BUCKET}", **door(), content_type=kind) is None
