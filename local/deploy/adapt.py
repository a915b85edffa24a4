"""What the translated template needs for the emulator, one small mechanical step at a time.

Nothing here knows a resource of ours by name. A step that an emulator's new version makes
unnecessary can go without touching the others.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.deploy.http_api import expand_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local.deploy.template import Template

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the parts of the stack answer: `http://host:port` each."""

    door: str
    emulator: str


def adapt(template: Template, addresses: Addresses) -> Template:
    """The translated template, made fit for the emulator; changed in place and returned."""
    for step in _STEPS:
        step(template)
    _use_local_addresses(template, addresses)
    return template


def _expand_http_apis(template: Template) -> None:
    """The emulator ignores an API's `Body`: every route would answer 404."""
    for name, api in list(_of_type(template, "AWS::ApiGatewayV2::Api")):
        if "Body" in api["Properties"]:
            template["Resources"] |= expand_body(name, api)


def _deploy_by_stage(template: Template) -> None:
    """Deployments and route responses are unknown types; a stage that deploys itself is not."""
    _drop(template, "AWS::ApiGatewayV2::Deployment", "AWS::ApiGatewayV2::RouteResponse")
    for _, stage in _of_type(template, "AWS::ApiGatewayV2::Stage"):
        stage["Properties"].pop("DeploymentId", None)
        stage["Properties"]["AutoDeploy"] = True


def _camel_case_cors(template: Template) -> None:
    """CORS settings are stored as they come and read in camelCase."""
    for _, api in _of_type(template, "AWS::ApiGatewayV2::Api"):
        if cors := api["Properties"].get("CorsConfiguration"):
            camel = {key[0].lower() + key[1:]: value for key, value in cors.items()}
            api["Properties"]["CorsConfiguration"] = camel


def _keep_api_ids(template: Template) -> None:
    """An API's address stays the same over restarts by a tag of the emulator's own."""
    for name, api in _of_type(template, "AWS::ApiGatewayV2::Api"):
        tags = api["Properties"].setdefault("Tags", {})
        tags["ms-custom-id"] = hashlib.sha256(name.encode()).hexdigest()[:10]


def _run_latest(template: Template) -> None:
    """A published version keeps its code and layer for ever; a saved file must run at once."""
    _drop(template, "AWS::Lambda::Version")
    for _, alias in _of_type(template, "AWS::Lambda::Alias"):
        alias["Properties"]["FunctionVersion"] = "$LATEST"


def _start_cold(template: Template) -> None:
    """A snapshot would start every function at every save; here the first call does."""
    for _, function in _of_type(template, "AWS::Lambda::Function"):
        function["Properties"].pop("SnapStart", None)


def _leave_streams_to_the_pump(template: Template) -> None:
    """The emulator loses failed stream records and ignores retry rules; `local.pump` does not."""
    for name, mapping in list(_of_type(template, "AWS::Lambda::EventSourceMapping")):
        if "StartingPosition" not in mapping["Properties"]:
            continue
        if mapping["Properties"].get("Enabled", True) is False:
            del template["Resources"][name]
        mapping["Properties"]["Enabled"] = False


def _refer_to_secrets_by_arn(template: Template) -> None:
    """`Ref` of a secret gives its name; AWS gives the ARN."""
    secrets = {name for name, _ in _of_type(template, "AWS::SecretsManager::Secret")}

    def by_arn(node: Any) -> Any:
        if isinstance(node, dict) and set(node) == {"Ref"} and node["Ref"] in secrets:
            return {"Fn::GetAtt": [node["Ref"], "Id"]}
        return node

    _rewrite(template, by_arn)


_ALSO_BATCHES = ("sqs:SendMessage", "sqs:ChangeMessageVisibility")


def _grant_batches(template: Template) -> None:
    """One action is also that of a batch, by AWS's rules; the emulator asks for both."""

    def with_batch(node: Any) -> Any:
        if isinstance(node, dict) and node.get("Effect") == "Allow" and "Action" in node:
            actions = node["Action"] if isinstance(node["Action"], list) else [node["Action"]]
            batches = [f"{each}Batch" for each in actions if each in _ALSO_BATCHES]
            if batches:
                return node | {"Action": [*actions, *batches]}
        return node

    _rewrite(template, with_batch)


def _forget_dropped_dependencies(template: Template) -> None:
    """A resource may have been ordered after one that is not deployed here."""
    for resource in template["Resources"].values():
        if "DependsOn" in resource:
            wanted = resource["DependsOn"]
            names = wanted if isinstance(wanted, list) else [wanted]
            resource["DependsOn"] = [name for name in names if name in template["Resources"]]


def _speak_plain_http(template: Template) -> None:
    """The emulator has no TLS: queues and buckets that ask for it would refuse every function."""
    _drop(template, "AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy")


def _leave_out_sums_of_metrics(template: Template) -> None:
    """The emulator refuses an alarm on several metrics; nobody is told by alarms here anyway."""
    for name, alarm in list(_of_type(template, "AWS::CloudWatch::Alarm")):
        if "Metrics" in alarm["Properties"]:
            del template["Resources"][name]


_STEPS: tuple[Callable[[Template], None], ...] = (
    _expand_http_apis,
    _deploy_by_stage,
    _camel_case_cors,
    _keep_api_ids,
    _run_latest,
    _start_cold,
    _leave_streams_to_the_pump,
    _refer_to_secrets_by_arn,
    _grant_batches,
    _speak_plain_http,
    _leave_out_sums_of_metrics,
    _forget_dropped_dependencies,
)

_PUBLIC_ADDRESS = re.compile(
    r"(?P<scheme>https|wss)://\$\{(?P<api>\w+)(?:\.ApiId)?\}\.execute-api\."
    r"(?:\$\{AWS::Region\}|[a-z0-9-]+)\.(?:\$\{AWS::URLSuffix\}|amazonaws\.com)"
)


def _use_local_addresses(template: Template, addresses: Addresses) -> None:
    """The public address of an API points at the real AWS.

    Callers come through the front door. Posting to a socket goes to the emulator itself, which
    alone checks the function's signature.
    """
    sockets = {
        name
        for name, api in _of_type(template, "AWS::ApiGatewayV2::Api")
        if api["Properties"].get("ProtocolType") == "WEBSOCKET"
    }

    def local(match: re.Match[str]) -> str:
        if match["scheme"] == "wss":
            return addresses.door.replace("http", "ws", 1) + "/ws"
        if match["api"] in sockets:
            return f"{addresses.emulator}/_aws/execute-api/${{{match['api']}}}"
        return addresses.door

    def localised(node: Any) -> Any:
        return _PUBLIC_ADDRESS.sub(local, node) if isinstance(node, str) else node

    _rewrite(template, localised)


def _of_type(template: Template, kind: str) -> Iterator[tuple[str, Resource]]:
    for name, resource in template["Resources"].items():
        if resource["Type"] == kind:
            yield name, resource


def _drop(template: Template, *kinds: str) -> None:
    resources = template["Resources"].items()
    template["Resources"] = {name: one for name, one in resources if one["Type"] not in kinds}


def _rewrite(template: Template, change: Callable[[Any], Any]) -> None:
    """Applies `change` to every value of the resources and outputs, outermost first."""

    def walk(node: Any) -> Any:
        node = change(node)
        if isinstance(node, dict):
            return {key: walk(value) for key, value in node.items()}
        return [walk(value) for value in node] if isinstance(node, list) else node

    for part in ("Resources", "Outputs"):
        template[part] = walk(template.get(part, {}))
