"""Deploys a SAM template to the emulator: package, translate, adapt, create or update."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform
from yaml import YAMLError

from local.deploy.adapt import Addresses, adapt
from local.deploy.package import BUCKET, package
from local.deploy.template import Template, load
from local.settings import STACK_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from local.emulator.clients import Clients

logging.getLogger("samtranslator").setLevel(logging.ERROR)

_INLINE_LIMIT = 51_200
# What a half-saved template or a wrong value in it raises on the way.
_MISTAKES = (YAMLError, OSError, ClientError, LookupError, TypeError, ValueError, AttributeError)
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]


class DeployError(Exception):
    """The template could not be deployed; the text says what was wrong."""


@dataclass(frozen=True, slots=True)
class Deployer:
    """Brings one template into one emulator, as often as it changes.

    `parameters` that the template does not declare are left out.
    """

    template: Path
    clients: Clients
    addresses: Addresses
    parameters: Mapping[str, str]

    def deploy(self) -> None:
        """Creates the stack, or updates it to what the files say now.

        Raises:
            DeployError: the template cannot be read or does not fit, or a resource failed.
        """
        try:
            self._deploy()
        except InvalidDocumentException as error:
            causes = "; ".join(str(cause) for cause in error.causes) or str(error)
            raise DeployError(causes) from error
        except _MISTAKES as error:
            raise DeployError(f"{type(error).__name__}: {error}") from error

    def _deploy(self) -> None:
        template = self._translated()
        declared = template.get("Parameters", {})
        parameters = {k: v for k, v in self.parameters.items() if k in declared}
        if self._submit(json.dumps(template), parameters):
            self._await_stack()
            self._await_functions()

    def _translated(self) -> Template:
        s3 = self.clients("s3")
        s3.create_bucket(Bucket=BUCKET)
        template = package(load(self.template), self.template.parent, s3)
        translated = transform(template, self._values(template), _NoPolicies())
        return adapt(translated, self.addresses)

    def _values(self, template: Template) -> dict[str, Any]:
        """The parameters as CloudFormation hands them to the translator: lists as lists."""
        values: dict[str, Any] = {}
        for name, declared in template.get("Parameters", {}).items():
            value = self.parameters.get(name, declared.get("Default"))
            is_list = declared["Type"] == "CommaDelimitedList" and isinstance(value, str)
            values[name] = value.split(",") if is_list else value
        return values

    def _submit(self, body: str, parameters: Mapping[str, str]) -> bool:
        """Whether there is anything to do."""
        formation = self.clients("cloudformation")
        request = {
            "StackName": STACK_NAME,
            "Capabilities": _CAPABILITIES,
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
            ],
            **self._body(body),
        }
        exists = _exists(formation)
        try:
            (formation.update_stack if exists else formation.create_stack)(**request)
        except ClientError as error:
            if "No updates" in str(error):
                return False
            raise
        return True

    def _body(self, body: str) -> dict[str, str]:
        if len(body) < _INLINE_LIMIT:
            return {"TemplateBody": body}
        self.clients("s3").put_object(Bucket=BUCKET, Key="template.json", Body=body.encode())
        return {"TemplateURL": f"{self.addresses.emulator}/{BUCKET}/template.json"}

    def _await_stack(self) -> None:
        formation = self.clients("cloudformation")
        while (status := _status(formation)).endswith("IN_PROGRESS"):
            time.sleep(0.02)
        if status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            raise DeployError(f"{status}: {_failures(formation)}")

    def _await_functions(self) -> None:
        """A function refuses calls until it is active."""
        functions = self.clients("lambda")
        for page in functions.get_paginator("list_functions").paginate():
            for function in page["Functions"]:
                while _pending(functions, function["FunctionName"]):
                    time.sleep(0.02)


class _NoPolicies:
    """Managed policies that are not bundled with the translator: none are used."""

    def load(self) -> dict[str, str]:
        return {}


def _exists(formation: Any) -> bool:
    try:
        formation.describe_stacks(StackName=STACK_NAME)
    except ClientError:
        return False
    return True


def _status(formation: Any) -> str:
    return str(formation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]["StackStatus"])


def _failures(formation: Any) -> str:
    events = formation.describe_stack_events(StackName=STACK_NAME)["StackEvents"]
    return "; ".join(
        f"{event['LogicalResourceId']} ({event['ResourceType']}): {event['ResourceStatusReason']}"
        for event in events
        if "FAILED" in event["ResourceStatus"] and event.get("ResourceStatusReason")
    )


def _pending(functions: Any, name: str) -> bool:
    configuration = functions.get_function_configuration(FunctionName=name)
    return bool(configuration.get("State") == "Pending")
