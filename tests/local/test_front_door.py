"""The front door over HTTP: what a browser and a program meet there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from local.people import PEOPLE
from tests.local.support import Answer, ask, bearer

if TYPE_CHECKING:
    from local.stack import Stack

pytestmark = pytest.mark.stack

OURS = {"Origin": "http://localhost:5173"}


def assert_refusal(answer: Answer, status: int, code: str) -> None:
    """The API's own shape, and a request id."""
    assert answer.status == status
    body = answer.json
    assert (body["success"], body["code"]) == (False, code)
    assert body["request_id"] == answer.headers["x-request-id"]


def test_a_request_reaches_its_function_as_an_http_api_hands_it_over(lab: Stack) -> None:
    """Method, path, query and body in payload format 2.0; forwarding headers added."""
    answer = ask(
        lab,
        "POST",
        "/api/open/a%20b?x=1&x=2&empty=",
        headers={"Content-Type": "application/json", "X-Custom": "1"},
        body=b'{"a": 1}',
    )
    event = answer.json["event"]
    assert event["version"] == "2.0"
    assert event["pathParameters"] == {"id": "a b"}
    assert event["rawQueryString"] == "x=1&x=2&empty="
    assert event["body"] == '{"a": 1}'
    assert event["headers"]["x-custom"] == "1"
    assert event["headers"]["x-forwarded-proto"] == "http"


def test_a_body_of_unknown_kind_arrives_in_base64(lab: Stack) -> None:
    """As AWS hands over a form: the proxy invents no content type."""
    answer = ask(lab, "POST", "/api/open/a", body=b"Body=hi")
    assert answer.json["event"]["isBase64Encoded"] is True
    assert answer.json["event"]["body"] == "Qm9keT1oaQ=="


def test_a_signed_in_person_is_let_through_with_the_claims(lab: Stack) -> None:
    """The gateway checks the token against the local issuer."""
    token = lab.info["tokens"]["demo"]["manager"]
    answer = ask(lab, "POST", "/api/guarded", headers=bearer(token))
    claims = answer.json["event"]["requestContext"]["authorizer"]["jwt"]["claims"]
    assert claims["custom:org_id"] == "demo"
    assert claims["cognito:groups"] == "[manager]"


@pytest.mark.parametrize("claims", [{"exp": 1}, {"aud": "another"}, {"iss": "http://another"}])
def test_a_wrong_token_is_refused(lab: Stack, claims: dict[str, object]) -> None:
    """Expired, for somebody else, or from somebody else."""
    token = lab.issuer.token(PEOPLE[0], **claims)
    answer = ask(lab, "POST", "/api/guarded", headers=bearer(token) | OURS)
    assert_refusal(answer, 401, "UNAUTHORIZED")


def test_a_refusal_can_be_read_by_a_browser(lab: Stack) -> None:
    """CORS headers are on a 401, too."""
    answer = ask(lab, "POST", "/api/guarded", headers=OURS)
    assert_refusal(answer, 401, "UNAUTHORIZED")
    assert answer.headers["access-control-allow-origin"] == OURS["Origin"]


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/guarded/more"])
def test_an_unknown_address_is_not_found(lab: Stack, path: str) -> None:
    """In the API's words, not the web client's page."""
    assert_refusal(ask(lab, "GET", path), 404, "NOT_FOUND")


@pytest.mark.parametrize("trouble", ["crash", "forbidden-table"])
def test_a_crash_keeps_its_words_inside(lab: Stack, trouble: str) -> None:
    """500 as on AWS; a call that the function's policies do not allow is one."""
    answer = ask(lab, "GET", f"/api/open/{trouble}")
    assert_refusal(answer, 500, "INTERNAL")
    assert b"must stay inside" not in answer.body
    assert b"AccessDenied" not in answer.body


def test_a_functions_own_refusal_is_left_alone(lab: Stack) -> None:
    """Status, body and request id."""
    answer = ask(lab, "GET", "/api/open/refuse")
    assert answer.status == 409
    assert answer.json == {"success": False, "error": "No.", "code": "SOME_CODE"}
    assert answer.headers["x-request-id"] == "its-own"


def test_a_larger_body_than_the_gateway_takes_is_refused(lab: Stack) -> None:
    """10 MB, before any function sees it."""
    answer = ask(lab, "POST", "/api/open/a", body=bytes(10 * 1024 * 1024 + 1))
    assert_refusal(answer, 413, "PAYLOAD_TOO_LARGE")


def test_a_preflight_is_answered_for_a_configured_origin(lab: Stack) -> None:
    """204 and what is allowed, also for an address that does not exist."""
    wanted = OURS | {"Access-Control-Request-Method": "POST"}
    for path in ("/api/guarded", "/api/nothing"):
        answer = ask(lab, "OPTIONS", path, headers=wanted)
        assert answer.status == 204
        assert answer.headers["access-control-allow-origin"] == OURS["Origin"]
        assert answer.headers["access-control-allow-methods"] == "GET,POST"


def test_the_stacks_own_addresses_are_configured_origins(lab: Stack) -> None:
    """By number and by name."""
    for origin in (lab.info["web_url"], lab.info["web_url"].replace("127.0.0.1", "localhost")):
        answer = ask(lab, "GET", "/api/open/a", headers={"Origin": origin})
        assert answer.headers["access-control-allow-origin"] == origin


def test_another_origin_gets_no_cors_headers(lab: Stack) -> None:
    """Whatever the function itself says; the answer is there for programs."""
    for method in ("OPTIONS", "GET"):
        answer = ask(lab, method, "/api/open/a", headers={"Origin": "http://evil.example"})
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_a_page_of_another_name_is_turned_away(lab: Stack) -> None:
    """A name that somebody else points at this machine opens nothing."""
    answer = ask(lab, "GET", "/sandbox/tokens", headers={"Host": "evil.example"})
    assert answer.status == 421


def test_the_issuer_publishes_what_a_gateway_looks_for(lab: Stack) -> None:
    """Discovery leads to the keys."""
    found = ask(lab, "GET", "/auth/.well-known/openid-configuration").json
    assert found["issuer"] == lab.issuer.url
    assert found["jwks_uri"] == f"{lab.issuer.url}/.well-known/jwks.json"
    assert ask(lab, "GET", "/auth/.well-known/jwks.json").json == lab.issuer.keys()


def test_the_sandbox_lists_everybody_who_can_sign_in(lab: Stack) -> None:
    """With tokens that work."""
    users = ask(lab, "GET", "/sandbox/tokens").json["users"]
    assert {(user["org"], user["role"]) for user in users} == {
        ("demo", "owner"),
        ("demo", "manager"),
        ("demo", "staff"),
        ("other", "staff"),
    }
    assert ask(lab, "POST", "/api/guarded", headers=bearer(users[0]["token"])).status == 200


def test_the_sandbox_page_leads_to_its_sections(lab: Stack) -> None:
    """With and without a slash."""
    for path in ("/sandbox", "/sandbox/"):
        assert b"/sandbox/tokens" in ask(lab, "GET", path).body


def test_functions_see_local_addresses_and_nothing_of_the_developer(
    lab: Stack,
) -> None:
    """The emulator, the layer, the secret by ARN; no home, profile or proxy."""
    answer = ask(lab, "GET", "/api/open/a").json
    environment = answer["environment"]
    assert answer["greeting"] == "from the layer"
    assert environment["AWS_ENDPOINT_URL"] == lab.client.endpoint
    assert environment["AWS_REGION"] == "us-east-1"
    assert environment["PUBLIC_URL"] == lab.info["web_url"]
    assert environment["SECRET_ARN"].startswith("arn:aws:secretsmanager:")
    assert not {"AWS_PROFILE", "HTTP_PROXY", "PYTHONPATH"} & set(environment)


def test_stack_json_has_every_part_and_is_private(lab: Stack) -> None:
    """What does not exist yet is there and empty."""
    info = json.loads(lab.settings.info_file.read_text())
    assert lab.settings.info_file.stat().st_mode & 0o777 == 0o600
    assert set(info) == {
        "web_url",
        "api_url",
        "ws_url",
        "sandbox_url",
        "cron_secret",
        "square",
        "twilio",
        "vapi",
        "tokens",
        "ids",
    }
    assert info["api_url"].endswith("/api")
    assert set(info["square"]) == {
        "signature_key",
        "notification_url",
        "merchant_id",
        "base_url",
        "access_token",
    }
    assert set(info["twilio"]) == {"auth_token", "account_sid"}
    assert set(info["vapi"]) == {"secret", "secrets"}
