"""What a translated template becomes for the emulator."""

from __future__ import annotations

import json
from typing import Any

from local.deploy.adapt import Addresses, adapt

ADDRESSES = Addresses(door="http://127.0.0.1:8787", emulator="http://127.0.0.1:4566")
BODY: dict[str, Any] = {
    "info": {"title": "api"},
    "paths": {
        "/api/leads/{id}": {
            "get": {
                "x-amazon-apigateway-integration": {"type": "aws_proxy", "uri": "arn:f"},
                "security": [{"Staff": ["read"]}],
            },
            "x-amazon-apigateway-any-method": {
                "x-amazon-apigateway-integration": {"type": "aws_proxy", "uri": "arn:g"},
            },
        },
        "/$default": {"x-amazon-apigateway-any-method": {"responses": {}}},
    },
    "x-amazon-apigateway-cors": {"allowOrigins": ["http://a"]},
    "components": {
        "securitySchemes": {
            "Staff": {
                "x-amazon-apigateway-authorizer": {
                    "type": "jwt",
                    "identitySource": "$request.header.Authorization",
                    "jwtConfiguration": {"issuer": "http://i", "audience": ["a"]},
                }
            },
            "Vapi": {
                "x-amazon-apigateway-authorizer": {
                    "type": "request",
                    "authorizerUri": "arn:auth",
                    "enableSimpleResponses": True,
                }
            },
        }
    },
}


def adapted(**resources: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The resources after adaptation."""
    result: dict[str, dict[str, Any]] = adapt({"Resources": resources}, ADDRESSES)["Resources"]
    return result


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    """A resource of an AWS type."""
    return {"Type": f"AWS::{kind}", "Properties": properties}


def of_type(resources: dict[str, dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The properties of all resources of a type."""
    return [one["Properties"] for one in resources.values() if one["Type"] == f"AWS::{kind}"]


def test_the_body_of_an_http_api_becomes_routes_with_their_authorizers() -> None:
    """Every operation has a route and an integration, and asks whom the body says."""
    resources = adapted(Api=resource("ApiGatewayV2::Api", Body=json.loads(json.dumps(BODY))))
    routes = {one["RouteKey"]: one for one in of_type(resources, "ApiGatewayV2::Route")}
    assert set(routes) == {"GET /api/leads/{id}", "ANY /api/leads/{id}"}
    guarded = routes["GET /api/leads/{id}"]
    authorizer = resources[guarded["AuthorizerId"]["Ref"]]["Properties"]
    assert guarded["AuthorizationType"] == "JWT"
    assert guarded["AuthorizationScopes"] == ["read"]
    assert authorizer["JwtConfiguration"] == {"Issuer": "http://i", "Audience": ["a"]}
    assert "AuthorizerId" not in routes["ANY /api/leads/{id}"]
    assert "Body" not in resources["Api"]["Properties"]


def test_the_buckets_of_routes_stay_with_the_stage() -> None:
    """The emulator takes them, and they name routes that it has."""
    settings = {"GET /api/leads/{id}": {"ThrottlingRateLimit": 5, "ThrottlingBurstLimit": 9}}
    resources = adapted(
        Api=resource("ApiGatewayV2::Api", Body=json.loads(json.dumps(BODY))),
        Stage=resource("ApiGatewayV2::Stage", RouteSettings=settings),
    )
    (stage,) = of_type(resources, "ApiGatewayV2::Stage")
    assert stage["RouteSettings"] == settings
    routes = {one["RouteKey"] for one in of_type(resources, "ApiGatewayV2::Route")}
    assert settings.keys() <= routes


def test_each_route_points_at_its_own_integration() -> None:
    """Two operations of one path do not share one."""
    resources = adapted(Api=resource("ApiGatewayV2::Api", Body=json.loads(json.dumps(BODY))))
    integrations = of_type(resources, "ApiGatewayV2::Integration")
    assert {one["IntegrationUri"] for one in integrations} == {"arn:f", "arn:g"}
    targets = [one["Target"]["Fn::Sub"] for one in of_type(resources, "ApiGatewayV2::Route")]
    assert len(set(targets)) == 2


def test_a_lambda_authorizer_keeps_its_simple_answers() -> None:
    """A second authorizer of another kind comes along."""
    resources = adapted(Api=resource("ApiGatewayV2::Api", Body=json.loads(json.dumps(BODY))))
    authorizers = of_type(resources, "ApiGatewayV2::Authorizer")
    (lambda_one,) = (one for one in authorizers if one["AuthorizerType"] == "REQUEST")
    assert lambda_one["AuthorizerUri"] == "arn:auth"
    assert lambda_one["EnableSimpleResponses"] is True


def test_an_api_under_a_condition_brings_its_parts_under_it() -> None:
    """A route without its API would fail the stack."""
    api = resource("ApiGatewayV2::Api", Body=json.loads(json.dumps(BODY))) | {"Condition": "Own"}
    assert {one["Condition"] for one in adapted(Api=api).values()} == {"Own"}


def test_cors_settings_are_spelt_as_the_emulator_reads_them() -> None:
    """In camelCase, wherever they come from."""
    resources = adapted(
        A=resource("ApiGatewayV2::Api", CorsConfiguration={"AllowOrigins": ["http://a"]})
    )
    assert resources["A"]["Properties"]["CorsConfiguration"] == {"allowOrigins": ["http://a"]}


def test_an_alias_runs_the_latest_code() -> None:
    """A change of a layer alone would not publish a version."""
    resources = adapted(
        V=resource("Lambda::Version"),
        F=resource("Lambda::Function", SnapStart={"ApplyOn": "PublishedVersions"}),
        A=resource("Lambda::Alias", FunctionVersion={"Fn::GetAtt": ["V", "Version"]}),
    )
    assert "V" not in resources
    assert resources["A"]["Properties"]["FunctionVersion"] == "$LATEST"
    assert "SnapStart" not in resources["F"]["Properties"]


def test_stream_mappings_are_left_to_the_pump_and_queues_to_the_emulator() -> None:
    """A mapping that the template switches off is not switched on by the pump."""
    resources = adapted(
        Stream=resource("Lambda::EventSourceMapping", StartingPosition="LATEST"),
        Off=resource("Lambda::EventSourceMapping", StartingPosition="LATEST", Enabled=False),
        Queue=resource("Lambda::EventSourceMapping", EventSourceArn="arn:sqs"),
    )
    assert resources["Stream"]["Properties"]["Enabled"] is False
    assert "Off" not in resources
    assert "Enabled" not in resources["Queue"]["Properties"]


def test_a_reference_to_a_secret_is_its_arn() -> None:
    """Wherever it stands."""
    resources = adapted(
        Key=resource("SecretsManager::Secret"),
        F=resource("Lambda::Function", Environment={"Variables": {"A": [{"Ref": "Key"}]}}),
    )
    variables = resources["F"]["Properties"]["Environment"]["Variables"]
    assert variables == {"A": [{"Fn::GetAtt": ["Key", "Id"]}]}


def test_public_addresses_become_local_ones() -> None:
    """The API and the socket are behind the front door; posting to a socket is not."""
    host = "execute-api.${AWS::Region}.${AWS::URLSuffix}"
    resources = adapted(
        Http=resource("ApiGatewayV2::Api", ProtocolType="HTTP"),
        Socket=resource("ApiGatewayV2::Api", ProtocolType="WEBSOCKET"),
        F=resource(
            "Lambda::Function",
            Api={"Fn::Sub": f"https://${{Http}}.{host}/api"},
            Socket={"Fn::Sub": f"wss://${{Socket}}.{host}/live"},
            Posts={"Fn::Sub": f"https://${{Socket.ApiId}}.{host}/live"},
            Policy={"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:1:${Socket}/*"},
        ),
    )
    assert resources["F"]["Properties"] == {
        "Api": {"Fn::Sub": "http://127.0.0.1:8787/api"},
        "Socket": {"Fn::Sub": "ws://127.0.0.1:8787/ws/live"},
        "Posts": {"Fn::Sub": "http://127.0.0.1:4566/_aws/execute-api/${Socket}/live"},
        "Policy": {"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:1:${Socket}/*"},
    }


def test_nothing_waits_for_what_is_not_deployed() -> None:
    """Deployments are dropped, and with them the order after them."""
    resources = adapted(
        D=resource("ApiGatewayV2::Deployment"),
        S=resource("ApiGatewayV2::Stage", DeploymentId={"Ref": "D"}) | {"DependsOn": ["D", "T"]},
        T=resource("SNS::Topic") | {"DependsOn": "D"},
    )
    assert "D" not in resources
    assert resources["S"]["DependsOn"] == ["T"]
    assert resources["S"]["Properties"] == {"AutoDeploy": True}
    assert resources["T"]["DependsOn"] == []


def test_who_may_send_a_message_may_send_a_batch() -> None:
    """And whoever may not, may not."""
    statements = [
        {"Effect": "Allow", "Action": action, "Resource": "arn:q"}
        for action in (
            "sqs:SendMessage",
            ["sqs:SendMessage", "s3:GetObject"],
            "sqs:ChangeMessageVisibility",
            "s3:GetObject",
        )
    ]
    role = adapted(R=resource("IAM::Role", Policies=[{"Statement": statements}]))["R"]
    granted = [each["Action"] for each in role["Properties"]["Policies"][0]["Statement"]]
    assert granted == [
        ["sqs:SendMessage", "sqs:SendMessageBatch"],
        ["sqs:SendMessage", "s3:GetObject", "sqs:SendMessageBatch"],
        ["sqs:ChangeMessageVisibility", "sqs:ChangeMessageVisibilityBatch"],
        "s3:GetObject",
    ]


def test_queues_take_what_comes_without_tls() -> None:
    """The emulator would deny everything by a policy that asks for TLS; a bucket's too."""
    assert adapted(P=resource("SQS::QueuePolicy"), Q=resource("SQS::Queue")).keys() == {"Q"}
    assert adapted(P=resource("S3::BucketPolicy"), B=resource("S3::Bucket")).keys() == {"B"}


def test_an_alarm_on_several_metrics_is_left_out() -> None:
    """The emulator would refuse the whole stack for it; an alarm on one stays."""
    alarms = {"S": resource("CloudWatch::Alarm", Metrics=[]), "O": resource("CloudWatch::Alarm")}
    assert adapted(**alarms).keys() == {"O"}
