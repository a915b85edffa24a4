"""Functions: one folder, one resource; time-outs that leave room for an answer; event files."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from closedloop.core import deadline
from closedloop.dynamo import client
from tests.support.actions import given
from tests.support.template import ROOT, functions, resources, routes, template
from tests.template.support import GATEWAY_SECONDS, grants, logical_name, timeout
from tools.events import EVENTS, KINDS, event_of

FOLDERS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/app.py"))
SCENARIOS = [
    (path.parent.name, path.stem)
    for path in sorted(EVENTS.glob("*/*.json"))
    if path.stem != "given"
]
LAYER = ROOT / "layers/common/closedloop"
CLIENTS = sorted(
    path
    for path in LAYER.rglob("*.py")
    if {"aws", "clients", "dynamo"} & set(path.relative_to(LAYER).parts)
)
QUEUE_TIMES = 6
"""AWS's advice: a message stays hidden for six times the time-out of what works on it."""


def trees() -> list[ast.Module]:
    """The code of every client."""
    return [ast.parse(path.read_text(encoding="utf-8")) for path in CLIENTS]


def calls(tree: ast.AST) -> list[ast.Call]:
    """Every call that a client makes."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


@cache
def time_outs() -> list[float]:
    """The seconds of every network time-out that a client writes down."""
    return [
        number
        for tree in trees()
        for call in calls(tree)
        for word in call.keywords
        if word.arg in {"timeout", "connect_timeout", "read_timeout"}
        for number in seconds(word.value, tree)
    ]


def seconds(value: ast.expr, tree: ast.Module) -> list[float]:
    """The numbers of a time-out, also behind a name or in urllib3's own class."""
    if isinstance(value, ast.Name):
        named = (node for node in tree.body if isinstance(node, ast.Assign))
        (value,) = (each.value for each in named if ast.unparse(each.targets[0]) == value.id)
    constants = [node.value for node in ast.walk(value) if isinstance(node, ast.Constant)]
    found = [float(number) for number in constants if isinstance(number, int | float)]
    assert found, f"{ast.unparse(value)}: write a time-out as a number"
    return found


each_function = pytest.mark.parametrize("folder", FOLDERS)


def test_a_folder_is_a_function_and_a_function_a_folder() -> None:
    """Each folder is deployed once, under the folder's name."""
    deployed = {
        name: Path(properties["CodeUri"])
        for name, properties in resources("AWS::Serverless::Function").items()
    }
    wanted = {logical_name(each): Path("functions") / each for each in FOLDERS}
    for name, code in wanted.items():
        assert deployed.get(name) == code, (
            f"template.yaml has no function for {code}/: add the resource {name} with "
            f"CodeUri: {code}/ (copy ConfirmBooking, or make new-button writes one)."
        )
    for name, code in deployed.items():
        assert name in wanted, f"{name} of template.yaml has no code: add {code}/app.py."


def test_functions_stand_in_order() -> None:
    """The resources are sorted as the folders are."""
    found = [Path(each["CodeUri"]).name for each in functions().values()]
    before = ", ".join(f"{a} before {b}" for a, b in pairwise(found) if a > b)
    assert not before, f"Sort the functions of template.yaml by folder; found {before}."


def test_no_folder_of_functions_lacks_its_app() -> None:
    """A folder without app.py would be a Lambda that cannot start."""
    folders = [path.name for path in (ROOT / "functions").iterdir() if path.is_dir()]
    assert sorted(name for name in folders if name != "__pycache__") == FOLDERS


@each_function
def test_a_function_ends_before_the_gateway_gives_up(folder: str) -> None:
    """A caller gets our answer rather than the gateway's."""
    assert not routes(folder) or timeout(folder) < GATEWAY_SECONDS


@each_function
def test_a_message_stays_hidden_for_six_time_outs(folder: str) -> None:
    """No second function takes a message while the first may still be at work on it."""
    for event in functions()[folder].get("Events", {}).values():
        if event["Type"] == "SQS":
            queue, _ = event["Properties"]["Queue"]["Fn::GetAtt"]
            hidden = resources("AWS::SQS::Queue")[queue].get("VisibilityTimeout", 30)
            assert hidden >= QUEUE_TIMES * timeout(folder)


def test_every_client_has_a_time_out() -> None:
    """No adapter makes an AWS client with botocore's minute, or a pool that waits for ever."""
    made = [call for tree in trees() for call in calls(tree)]
    clients = [each for each in made if ast.unparse(each.func) == "boto3.client"]
    pools = [each for each in made if ast.unparse(each.func).endswith("PoolManager")]
    assert clients
    assert all("config" in {word.arg for word in each.keywords} for each in clients)
    assert all("timeout" in {word.arg for word in each.keywords} for each in pools)


@each_function
def test_network_time_outs_are_shorter_than_the_function(folder: str) -> None:
    """Every time-out that a client writes down ends before a function that calls out does."""
    assert len(time_outs()) >= 2
    assert not list(grants(folder)) or max(time_outs()) < timeout(folder)


@each_function
def test_a_commit_ends_before_the_function(folder: str) -> None:
    """The last repeat may begin at the deadline and wait for both of its time-outs."""
    config: Any = client._CONFIG  # noqa: SLF001 - the settings are the fact under test
    last = config.connect_timeout + config.read_timeout
    assert not list(grants(folder)) or deadline.SECONDS + last < timeout(folder)


def test_log_groups_forget() -> None:
    """Every log group has a retention, and every function writes to one of them."""
    groups = resources("AWS::Logs::LogGroup")
    assert all("RetentionInDays" in properties for properties in groups.values())
    shared = template()["Globals"]["Function"]["LoggingConfig"]["LogGroup"]
    own = [
        each["LoggingConfig"]["LogGroup"]
        for each in functions().values()
        if "LoggingConfig" in each
    ]
    assert all(each["Ref"] in groups for each in [shared, *own])


@each_function
def test_every_function_has_an_event(folder: str) -> None:
    """Each function can be invoked by hand with a file of its own."""
    files = {path.stem for path in (EVENTS / folder).glob("*.json")} - {"given"}
    assert files, (
        f"{folder} has no event: add events/{folder}/<scenario>.json "
        "(docs/architecture.md, Adding a button)."
    )


def test_every_event_has_a_function_and_every_envelope_a_kind() -> None:
    """No folder of events is left over, and no envelope."""
    folders = {path.name for path in EVENTS.iterdir() if path.is_dir()}
    assert not folders - set(FOLDERS), "These folders of events/ have no function: remove them."
    assert {path.name for path in EVENTS.glob("*.json")} == {f"_{kind}.json" for kind in KINDS}


@each_function
def test_a_button_has_expectations(folder: str) -> None:
    """What asks for a token says in given.json what each of its scenarios is answered with."""
    kinds = {next(iter(json.loads(path.read_text()))) for path in EVENTS.glob(f"{folder}/*.json")}
    assert "http" not in kinds or given(folder)["expect"]


@pytest.mark.parametrize("given", sorted(EVENTS.glob("*/given.json")), ids=lambda p: p.parent.name)
def test_every_event_file_has_an_expectation(given: Path) -> None:
    """No scenario without a file, no file that no test sends."""
    folder = given.parent
    expected = set(json.loads(given.read_text(encoding="utf-8"))["expect"])
    files = {path.stem for path in folder.glob("*.json")} - {"given"}
    assert not expected - files, f"events/{folder.name}/ lacks a file for {expected - files}."
    assert not files - expected, (
        f"events/{folder.name}/given.json does not say what {files - expected} must answer: "
        'add it to "expect".'
    )


@pytest.mark.parametrize(("folder", "scenario"), SCENARIOS)
def test_an_event_takes_a_route_of_its_function(folder: str, scenario: str) -> None:
    """What a file sends is what the gateway would send to this function."""
    event = event_of(folder, scenario)
    if "routeKey" in event:
        route = tuple(event["routeKey"].split(" ", 1))
        assert route in routes(folder), (
            f"events/{folder}/{scenario}.json asks for {event['routeKey']}, which is no route of "
            f"{logical_name(folder)} in template.yaml."
        )
        pattern = re.sub(r"{\w+}", "[^/]+", route[1])
        assert re.fullmatch(pattern, event["rawPath"])


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_change_of_the_layer_is_published(folder: str) -> None:
    """Without this property `live` stays on the old code when only the layer has changed."""
    assert functions()[folder]["AutoPublishAliasAllProperties"] is True
