"""What a button reads and how often it looks for garbage before its first request: counted.

Each measure of docs/decisions/0007 has a test that it works and one that it is still needed.
"""

from __future__ import annotations

import gc
import json
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import Loader

from closedloop import wiring
from closedloop.dynamo import client
from tests.imports.support import FOLDERS, WATCHED, bare, start, told
from tests.support.actions import actions, event_of

if TYPE_CHECKING:
    from collections.abc import Iterator

BUTTONS = {case.name: case for case in actions()}

FOLDERS_READ = 8
"""Twice, for description and endpoint rules: botocore's and boto3's data, and dynamodb in each."""

FILES_READ = 6
"""Endpoints, partitions, defaults, DynamoDB's description and rules; one more for a release."""

_BREAKER = (
    "aws_lambda_powertools.utilities.circuit_breaker",
    "closedloop.dynamo.breaker",
    "closedloop.dynamo.reads",
)
ON_DEMAND = {
    "send_contact_sms": _BREAKER,  # its first press reads settings and breaker, for half a minute
    "send_lead_sms": _BREAKER,  # same
    "update_lead_status": ("closedloop.edge.bulk",),  # some of its presses are of many leads
}
"""Button → what its first press loads."""

DESCRIBED = [
    ("dynamodb", "service-2"),
    ("dynamodb", "endpoint-rule-set-1"),
    ("dynamodb", "paginators-1"),
    ("dynamodb", "waiters-2"),
    ("sqs", "service-2"),
    ("secretsmanager", "service-2"),
    ("apigatewaymanagementapi", "service-2"),
]

_PRESSED = (
    WATCHED
    + """
import app
from botocore.awsrequest import AWSResponse
from closedloop import wiring
class Raw:
    def stream(self, **_):
        yield b'{"Responses": {}, "Items": []}'
def answer(request, **_):
    return AWSResponse(request.url, 200, {}, Raw())
wiring.dynamodb().meta.events.register_first("before-send.dynamodb", answer)
before = set(sys.modules)
read["open"].clear()
status = app.handler(EVENT)["statusCode"]
told = {"status": status, "modules": sorted(set(sys.modules) - before), "files": read["open"]}
"""
)

each_function = pytest.mark.parametrize("folder", FOLDERS)
each_button = pytest.mark.parametrize("folder", sorted(BUTTONS))


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process takes itself for a sandbox."""
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "some")
    yield
    gc.unfreeze()
    gc.enable()


@each_button
def test_a_button_reads_few_folders_and_files_of_botocore(folder: str) -> None:
    """Its own service's, not those of the other four hundred."""
    found = start(folder)
    assert 0 < len(found.listed) <= FOLDERS_READ, found.listed
    assert 0 < len(found.opened) <= FILES_READ, found.opened


@each_function
def test_a_function_reads_no_file_of_botocore_twice(folder: str) -> None:
    """Its clients share one session: endpoints.json alone takes 15 ms."""
    files = start(folder).opened
    assert sorted(files) == sorted(set(files))


def test_botocore_by_itself_still_reads_every_folder() -> None:
    """Else the list of names can go from the adapter."""
    assert len(bare().listed) > 10 * FOLDERS_READ


def test_botocore_by_itself_still_makes_ordered_dicts() -> None:
    """Else the reading of files can go from the adapter; and it is ours that is used there."""
    assert type(Loader().load_data("endpoints")) is OrderedDict
    assert type(loader().load_data("endpoints")) is dict


@pytest.mark.parametrize(("service", "kind"), DESCRIBED)
def test_a_description_is_the_one_that_botocore_finds(service: str, kind: str) -> None:
    """For every client that an adapter makes."""
    assert loader().load_service_model(service, kind) == Loader().load_service_model(service, kind)


@pytest.mark.parametrize("name", ["endpoints", "partitions", "sdk-default-configuration"])
def test_what_botocore_reads_beside_is_the_same(name: str) -> None:
    """In the same order, too: of two endpoints that fit, the first counts."""
    assert json.dumps(loader().load_data(name)) == json.dumps(Loader().load_data(name))


def test_an_unknown_service_is_refused_as_ever() -> None:
    """Nothing is taken for a service but a folder, nor a folder for one without a description."""
    with pytest.raises(UnknownServiceError):
        loader().load_service_model("dynamo", "service-2")
    with pytest.raises(DataNotFoundError):
        loader().load_service_model("dynamodb", "resources-9")


def test_the_client_is_the_one_that_boto3_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Same operations, same address, same user agent."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    usual = boto3.session.Session(region_name="eu-west-1").client("dynamodb", config=client._CONFIG)  # noqa: SLF001 - the settings of ours
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    ours = client.dynamodb()
    assert ours.meta.endpoint_url == usual.meta.endpoint_url
    assert ours.meta.method_to_api_mapping == usual.meta.method_to_api_mapping
    assert ours.meta.config.user_agent == usual.meta.config.user_agent


def test_clients_made_after_it_use_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever their service."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    client.dynamodb()
    assert boto3.client("sqs").meta.service_model.service_name == "sqs"
    assert isinstance(boto3.DEFAULT_SESSION._session.get_component("data_loader"), client._Loader)  # noqa: SLF001 - what is under test


@each_button
def test_a_button_is_looked_through_less_than_bare_boto3(folder: str) -> None:
    """By a quarter, though it loads more."""
    assert start(folder).collections < 0.75 * bare().collections


@each_button
def test_what_a_button_has_loaded_is_never_looked_through(folder: str) -> None:
    """A first request does not pay for what the loading left out."""
    found = start(folder)
    assert found.left < found.frozen / 100


@each_function
def test_garbage_is_collected_once_a_function_is_loaded(folder: str) -> None:
    """As Python does by itself, at its own thresholds."""
    usual = bare().collector
    assert usual[0]
    assert start(folder).collector == usual


@pytest.mark.usefixtures("sandbox")
def test_garbage_waits_while_a_sandbox_loads() -> None:
    """And no longer."""
    with wiring.loading():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


@pytest.mark.usefixtures("sandbox")
def test_garbage_is_collected_after_a_failed_loading() -> None:
    """Whatever becomes of the sandbox then."""
    with pytest.raises(ImportError), wiring.loading():
        raise ImportError
    assert gc.isenabled()


def test_nothing_waits_outside_of_a_sandbox() -> None:
    """Tests and the local stack's own processes are left as they are."""
    with wiring.loading():
        assert gc.isenabled()
    assert gc.get_freeze_count() == 0


@each_button
def test_a_first_press_loads_and_reads_nothing(folder: str) -> None:
    """What every press needs is there before: it must not be a request that waits for it."""
    event = event_of(folder, BUTTONS[folder].happy)
    found: dict[str, Any] = told(_PRESSED.replace("EVENT", repr(event)), folder)
    assert found["status"] < 500
    assert [
        each for each in found["modules"] if not each.startswith(ON_DEMAND.get(folder, ()))
    ] == []
    assert found["files"] == []


def loader() -> Any:
    """What the client's session reads descriptions with."""
    return client._Loader(file_loader=client._Files())  # noqa: SLF001 - what is under test
