"""The emulator answers the stack's own programs: no web page, no other user of the machine."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
import pytest

from local.settings import ACCOUNT
from tests.local.support import ask, raw

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.stack import Stack
    from tests.support.database import Database

pytestmark = pytest.mark.stack

FORBIDDEN = 403


def signed(key: str = ACCOUNT, token: str | None = None) -> dict[str, str]:
    """A request to read a secret, as the named key would send it; the signature is made up."""
    credential = f"Credential={key}/20261121/us-east-1/secretsmanager/aws4_request"
    headers = {
        "X-Amz-Target": "secretsmanager.ListSecrets",
        "Content-Type": "application/x-amz-json-1.1",
        "Authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=dead",
    }
    return headers | ({} if token is None else {"X-Amz-Security-Token": token})


def admin_token(stack: Stack) -> str:
    """What the stack's own commands read from a file that only this user may read."""
    runtime = json.loads(stack.settings.runtime_file.read_text())
    return str(runtime["emulator_token"])


def status(
    stack: Stack, path: str = "/", headers: Mapping[str, str] | None = None, method: str = "POST"
) -> int:
    """What the emulator itself answers, past the front door."""
    address = urlsplit(stack.client.endpoint).netloc
    connection = http.client.HTTPConnection(address, timeout=30)
    try:
        connection.request(method, path, body=b"{}", headers=dict(headers or {}))
        return connection.getresponse().status
    finally:
        connection.close()


def test_the_administrators_key_alone_opens_nothing(lab: Stack) -> None:
    """Everybody knows it, and the emulator does not compare its signature."""
    assert status(lab, headers=signed()) == FORBIDDEN
    assert status(lab, headers=signed(token="guessed")) == FORBIDDEN
    assert status(lab, headers=signed(token=admin_token(lab))) == 200


@pytest.mark.parametrize("key", ["test", "111122223333", "ASIA0000000000000000", ""])
def test_a_token_is_for_one_key(lab: Stack, key: str) -> None:
    """A function's token does not make it the administrator, nor the other way round."""
    assert status(lab, headers=signed(key, admin_token(lab))) == FORBIDDEN


@pytest.mark.parametrize(
    "foreign",
    [
        {"Host": "evil.example"},
        {"Host": "localhost:1"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
def test_no_page_is_let_in_even_with_the_token(lab: Stack, foreign: dict[str, str]) -> None:
    """A browser names the page's origin; a rebound name stands in Host."""
    assert status(lab, headers=signed(token=admin_token(lab)) | foreign) == FORBIDDEN


@pytest.mark.parametrize(
    "path",
    [
        "/_ministack/health",
        "/_ministack/config",
        "/_ministack/sqs/messages",
        "/_ministack/rds/iam-auth",
        "/_aws/execute-api/{http}/default/api/open/a",
        "/_aws/execute-api/{socket}/default/@connections/x",
        "/?X-Amz-Credential=000000000000/20261121/us-east-1/s3/aws4_request",
    ],
)
def test_what_needs_no_key_needs_the_token_too(lab: Stack, path: str) -> None:
    """The emulator's own pages and the APIs behind the front door."""
    apis = {api["ProtocolType"]: api["ApiId"] for api in _apis(lab)}
    address = path.format(http=apis["HTTP"], socket=apis["WEBSOCKET"])
    for method in ("GET", "POST", "OPTIONS"):
        assert status(lab, address, method=method) == FORBIDDEN


def test_a_socket_opens_through_the_front_door_alone(lab: Stack) -> None:
    """The front door checks what browsers say of themselves."""
    (api,) = (api["ApiId"] for api in _apis(lab) if api["ProtocolType"] == "WEBSOCKET")
    url = f"{lab.client.endpoint}/_aws/execute-api/{api}/default?name=a"

    async def connect() -> None:
        async with aiohttp.ClientSession() as session, session.ws_connect(url):
            pass

    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        asyncio.run(connect())
    assert refused.value.status == FORBIDDEN


def test_a_function_knows_its_own_token_alone(lab: Stack) -> None:
    """Neither the front door's header nor the secret of the run reaches it."""
    answer = ask(lab, "GET", "/api/open/a", headers={"X-Closedloop-Door": "mine"}).json
    environment, headers = answer["environment"], answer["event"]["headers"]
    assert "x-closedloop-door" not in headers
    assert not [name for name in environment if name.startswith("LOCAL_")]
    assert admin_token(lab) not in environment.values()
    key, token = environment["AWS_ACCESS_KEY_ID"], environment["AWS_SESSION_TOKEN"]
    # Known to the guard: the answer is the emulator's own, about the made-up signature.
    body = raw(lab.client.endpoint, signed(key, token)).body
    assert b"Signature" in body


def test_a_role_that_somebody_may_take_works(lab: Stack) -> None:
    """Its keys come from STS, with a token of their own."""
    roles = lab.client("iam").list_roles()["Roles"]
    (role,) = [each["Arn"] for each in roles if "EchoRole" in each["RoleName"]]
    taken = lab.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    key, token = taken["AccessKeyId"], taken["SessionToken"]
    assert b"Signature" in raw(lab.client.endpoint, signed(key, token)).body
    assert status(lab, headers=signed(key, "guessed")) == FORBIDDEN


def test_the_functions_own_tokens_of_the_emulator_open_nothing(lab: Stack) -> None:
    """They follow from names that stand in the template."""
    functions = lab.client("lambda").list_functions()["Functions"]
    (echo,) = [each for each in functions if "Echo" in each["FunctionName"]]
    named = f"{echo['FunctionArn']}:{echo['Role']}"
    digest = hashlib.sha256(named.encode()).hexdigest()
    token = hashlib.sha256(f"token:{digest}".encode()).hexdigest()
    ask(lab, "GET", "/api/open/a")
    refused = raw(lab.client.endpoint, signed(f"ASIA{digest[:16].upper()}", token))
    assert (refused.status, refused.json) == (FORBIDDEN, {"message": "Forbidden"})


def test_the_token_is_private_and_new_in_each_run(lab: Stack) -> None:
    """Nobody else on the machine reads it."""
    assert lab.settings.runtime_file.stat().st_mode & 0o077 == 0
    assert len(admin_token(lab)) == 64


def test_the_emulator_of_the_other_tests_is_guarded_too(tables: Database) -> None:
    """It runs for minutes; it would run any page's code as its own functions."""
    assert raw(tables.url, signed("test")).json == {"message": "Forbidden"}
    assert raw(tables.url, signed("test", tables.token)).status == 200


def _apis(stack: Stack) -> list[dict[str, str]]:
    return list(stack.client("apigatewayv2").get_apis()["Items"])
