"""Fixtures that every kind of test shares."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from aws_lambda_powertools.shared import user_agent
from botocore.config import Config

from closedloop import wiring
from closedloop.dynamo import client
from tests.support.actions import CODE_KEY, ActionCase, actions, cases
from tests.support.database import PREFIX, Database, database
from tests.support.examples import profile
from tests.support.schedule import STACKS, Schedule, group

if TYPE_CHECKING:
    from collections.abc import Iterator


profile()
_make = client.dynamodb


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Schedule:
    """With several workers: one runs the stacks, one after the other."""
    return Schedule(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The stacks come first, for they take the longest."""
    items.sort(key=lambda item: group(item.nodeid) != STACKS)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `case` runs for every button and tool there is; `signed_in`: buttons."""
    if "case" in metafunc.fixturenames:
        people = metafunc.definition.get_closest_marker("signed_in")
        found = actions() if people else cases()
        metafunc.parametrize("case", found, ids=lambda case: case.name, scope="module")


@pytest.fixture(scope="session", autouse=True)
def _named_once() -> Iterator[None]:
    """Powertools tells a client its name whenever it is built, and one client serves all tests.

    After some thousand tests a request would carry its name some thousand times.
    """
    register = cache(user_agent.register_feature_to_client)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(user_agent, "register_feature_to_client", register)
        yield


@pytest.fixture(scope="session")
def tables() -> Iterator[Database]:
    """The database of this run."""
    with database() as started:
        yield started


@lru_cache
def _client(_url: str) -> Any:
    """One client for all tests of a database, as a sandbox has one: to make it takes 0.1 s.

    The emulator may take long on a busy machine; tests lose an answer where they mean to.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "_CONFIG", client._CONFIG.merge(Config(read_timeout=30)))  # noqa: SLF001 - the rest of it
        return _make()


@pytest.fixture
def db(tables: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database, with the code under test connected to it."""
    for name, value in {
        "AWS_ENDPOINT_URL_DYNAMODB": tables.url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_SESSION_TOKEN": tables.token,
        "TABLE_PREFIX": PREFIX,
        "POWERTOOLS_SERVICE_NAME": "closedloop",
        "SOCKET_URL": "wss://sockets.example.com/live",
        "PHOTOS_BUCKET": "closedloop-photos",
        "PHOTOS_URL": "",
        "ALLOWED_ORIGINS": "https://app.example.com,http://localhost:5173",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(client, "dynamodb", lambda: _client(tables.url))
    monkeypatch.setattr("closedloop.texts.wiring.code_key", lambda: {"key": CODE_KEY})
    wiring.forget()
    yield tables
    wiring.forget()


@pytest.fixture
def org() -> str:
    """An org that no other test knows, so that tests never see each other's rows."""
    return f"org-{uuid4().hex[:12]}"


@pytest.fixture
def ready(db: Database, org: str, case: ActionCase) -> Database:
    """The database with the rows that the action's scenarios start from."""
    db.put(org, case.rows)
    return db
