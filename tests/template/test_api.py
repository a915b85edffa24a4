"""The API: signed in, logged without secrets, closed to strange origins, throttled."""

from __future__ import annotations

import re
from typing import Any

from tests.support.template import functions, resources, routes
from tests.template.support import translated

OPEN: dict[str, str] = {
    **{
        f"POST /api/vapi/tools/booking/{name}": "Vapi has a credential, which is verified"
        for name in (
            "check-availability",
            "reserve-atomic",
            "send-otp",
            "verify-otp",
            "send-confirmation",
        )
    },
    "POST /api/vapi/webhook": "same",
    "GET /api/cron/reconcile": "whoever has the secret; there is nobody to sign in",
    "POST /api/cron/reconcile": "same",
    "POST /api/webhooks/square": "Square has no token; its signature is verified",
    "POST /api/webhooks/twilio/inbound": "Twilio has no token; its signature is verified",
    "POST /api/webhooks/twilio/status": "same",
}
"""Route → why it asks for no token of ours."""

SOCKETS_A_SECOND = 500
"""AWS's quota of an account: a ticket beyond it could not be used."""

LOGGED = {
    "$context.requestId",
    "$context.requestTime",
    "$context.routeKey",
    "$context.status",
    "$context.responseLatency",
    "$context.responseLength",
    "$context.error.messageString",
}
"""What an access log may hold: no header, no query string, no claim, no path with its ids."""


def api() -> dict[str, Any]:
    """The HTTP API's properties."""
    (only,) = resources("AWS::Serverless::HttpApi").values()
    return only


def deployed() -> dict[str, dict[str, Any]]:
    """The routes that AWS's translator makes, each with what it demands."""
    (made,) = (
        each["Properties"]
        for each in translated()["Resources"].values()
        if each["Type"] == "AWS::ApiGatewayV2::Api" and "Body" in each["Properties"]
    )
    return {
        f"{method.upper()} {path}": operation
        for path, methods in made["Body"]["paths"].items()
        for method, operation in methods.items()
    }


def test_every_route_asks_for_a_token() -> None:
    """The JWT authorizer stands before each route but those of the list."""
    asked = {
        route
        for route, operation in deployed().items()
        if any(name != "NONE" for each in operation.get("security", []) for name in each)
    }
    assert asked == deployed().keys() - OPEN.keys()
    assert deployed().keys() >= OPEN.keys()


def test_no_route_is_left_out_by_the_translator() -> None:
    """What is deployed is what the functions say."""
    meant = {f"{method} {path}" for folder in functions() for method, path in routes(folder)}
    assert deployed().keys() == meant


def test_the_token_is_verified() -> None:
    """By issuer and audience, from the Authorization header, by default."""
    auth = api()["Auth"]
    authorizer = auth["Authorizers"][auth["DefaultAuthorizer"]]
    assert authorizer["IdentitySource"] == "$request.header.Authorization"
    assert authorizer["JwtConfiguration"].keys() == {"issuer", "audience"}


def test_the_access_log_holds_no_secret() -> None:
    """A token, a phone number or a search cannot get into it, whatever a caller sends."""
    said = re.findall(r"\$[\w.]+", api()["AccessLogSettings"]["Format"])
    assert said
    assert set(said) <= LOGGED


def test_only_configured_origins_may_call() -> None:
    """No star in the origins, methods or headers; the answer's own headers can be read."""
    cors = api()["CorsConfiguration"]
    assert cors["AllowOrigins"] == {"Ref": "AllowedOrigins"}
    assert "*" not in cors["AllowMethods"] + cors["AllowHeaders"]
    methods = {method for folder in functions() for method, _ in routes(folder)}
    assert methods <= set(cors["AllowMethods"])
    assert {"authorization", "content-type", "idempotency-key", "x-idempotency-key"} <= set(
        cors["AllowHeaders"]
    )
    assert {"idempotent-replayed", "retry-after", "x-request-id"} == set(cors["ExposeHeaders"])


def test_the_api_is_throttled() -> None:
    """A flood is answered with 429 before it costs a function."""
    settings = api()["DefaultRouteSettings"]
    assert 0 < settings["ThrottlingRateLimit"] <= settings["ThrottlingBurstLimit"]


def test_who_comes_back_and_who_calls_in_has_a_bucket_of_its_own() -> None:
    """However many tickets, pages of changes or webhooks come: no button is refused for them."""
    settings = api()["RouteSettings"]
    assert settings.keys() <= deployed().keys(), "AWS refuses settings of a route that is not there"
    assert settings.keys() >= OPEN.keys() | {"POST /api/realtime/ticket", "GET /api/changes"}
    buckets = [api()["DefaultRouteSettings"], *settings.values()]
    assert all(each["ThrottlingRateLimit"] > 0 for each in buckets)
    assert all(each["ThrottlingBurstLimit"] > 0 for each in buckets)
    ticket = settings["POST /api/realtime/ticket"]
    assert ticket["ThrottlingRateLimit"] + ticket["ThrottlingBurstLimit"] <= SOCKETS_A_SECOND


def test_the_buckets_come_through_the_translator() -> None:
    """As the stage gets them, those of the routes too."""
    (stage,) = (
        each["Properties"]
        for each in translated()["Resources"].values()
        if each["Type"] == "AWS::ApiGatewayV2::Stage" and "RouteSettings" in each["Properties"]
    )
    assert stage["RouteSettings"] == api()["RouteSettings"]
    assert stage["DefaultRouteSettings"] == api()["DefaultRouteSettings"]
