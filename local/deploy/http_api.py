"""The OpenAPI body of an HTTP API, written out as the resources that the emulator knows."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Resources = dict[str, dict[str, Any]]

_CORS = "x-amazon-apigateway-cors"
_AUTHORIZER = "x-amazon-apigateway-authorizer"
_INTEGRATION = "x-amazon-apigateway-integration"
_ANY = "x-amazon-apigateway-any-method"


def expand_body(api_id: str, api: dict[str, Any]) -> Resources:
    """Takes `Body` out of the API; returns its authorizers, integrations and routes."""
    body = api["Properties"].pop("Body")
    api["Properties"].update(_api_properties(api_id, body))
    authorizers = dict(_authorizers(api_id, body))
    made = dict(authorizers.values())
    for path, method, operation in _operations(body):
        made |= _route(api_id, path, method, operation, authorizers)
    condition = {"Condition": api["Condition"]} if "Condition" in api else {}
    return {name: resource | condition for name, resource in made.items()}


def _api_properties(api_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    title = body.get("info", {}).get("title", api_id)
    cors = {"CorsConfiguration": body[_CORS]} if _CORS in body else {}
    return {"Name": title, "ProtocolType": "HTTP", **cors}


def _authorizers(
    api_id: str, body: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[str, dict[str, Any]]]]:
    schemes = body.get("components", {}).get("securitySchemes", {})
    for name, scheme in schemes.items():
        if authorizer := scheme.get(_AUTHORIZER):
            properties = _authorizer(authorizer) | {"ApiId": {"Ref": api_id}, "Name": name}
            resource = {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": properties}
            yield name, (f"{api_id}{_plain(name)}Authorizer", resource)


def _authorizer(authorizer: Mapping[str, Any]) -> dict[str, Any]:
    source = authorizer.get("identitySource", "$request.header.Authorization")
    sources = {"IdentitySource": source if isinstance(source, list) else [source]}
    if authorizer["type"] == "jwt":
        jwt = authorizer["jwtConfiguration"]
        configuration = {"Issuer": jwt["issuer"], "Audience": jwt["audience"]}
        return sources | {"AuthorizerType": "JWT", "JwtConfiguration": configuration}
    version = str(authorizer.get("authorizerPayloadFormatVersion", "2.0"))
    return sources | {
        "AuthorizerType": "REQUEST",
        "AuthorizerUri": authorizer["authorizerUri"],
        "AuthorizerPayloadFormatVersion": version,
        "EnableSimpleResponses": bool(authorizer.get("enableSimpleResponses", False)),
        "AuthorizerResultTtlInSeconds": authorizer.get("authorizerResultTtlInSeconds", 300),
    }


def _operations(body: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in body["paths"].items():
        for method, operation in operations.items():
            if _INTEGRATION in operation:
                yield path, "ANY" if method == _ANY else method.upper(), operation


def _route(
    api_id: str,
    path: str,
    method: str,
    operation: Mapping[str, Any],
    authorizers: Mapping[str, tuple[str, Any]],
) -> Resources:
    key = "$default" if path == "/$default" else f"{method} {path}"
    name = f"{api_id}{_plain(key)}"
    route = {
        "ApiId": {"Ref": api_id},
        "RouteKey": key,
        "Target": {"Fn::Sub": f"integrations/${{{name}Integration}}"},
        **_authorization(operation, authorizers),
    }
    integration = _integration(api_id, operation[_INTEGRATION])
    return {
        f"{name}Integration": {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": integration,
        },
        f"{name}Route": {"Type": "AWS::ApiGatewayV2::Route", "Properties": route},
    }


def _authorization(
    operation: Mapping[str, Any], authorizers: Mapping[str, tuple[str, Any]]
) -> dict[str, Any]:
    for requirement in operation.get("security", []):
        for scheme, scopes in requirement.items():
            if scheme in authorizers:
                name, resource = authorizers[scheme]
                jwt = resource["Properties"]["AuthorizerType"] == "JWT"
                return {
                    "AuthorizationType": "JWT" if jwt else "CUSTOM",
                    "AuthorizerId": {"Ref": name},
                    "AuthorizationScopes": scopes,
                }
    return {}


def _integration(api_id: str, integration: Mapping[str, Any]) -> dict[str, Any]:
    timeout = integration.get("timeoutInMillis")
    return {
        "ApiId": {"Ref": api_id},
        "IntegrationType": integration["type"].upper(),
        "IntegrationMethod": integration.get("httpMethod", "POST"),
        "IntegrationUri": integration["uri"],
        "PayloadFormatVersion": str(integration.get("payloadFormatVersion", "2.0")),
        **({"TimeoutInMillis": timeout} if timeout else {}),
    }


def _plain(text: str) -> str:
    """A logical id out of any text, its own for each."""
    words = re.findall(r"[A-Za-z0-9]+", text)
    digest = hashlib.sha256(text.encode()).hexdigest()[:6]
    return "".join(word[0].upper() + word[1:] for word in words) + digest
