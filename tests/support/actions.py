"""Finds every action by itself: a new folder under functions/ joins all matrices."""

from __future__ import annotations

import copy
import importlib.util
import json
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from closedloop.edge.http import Action
from closedloop.edge.tool import Toolbox
from closedloop.voice import credentials
from closedloop.voice import wiring as voice
from tests.support.template import ROOT, routes
from tools.events import Event, ScenarioError, event_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from closedloop.core.rows import Row

__all__ = ["Event", "ScenarioError", "event_of"]

ALICE = "user-alice"
BOB = "user-bob"
VOICE = "voice"
CODE_KEY = "key-of-the-tests"
"""What codes are worked out with in tests, those of event files included."""


def load_handler(folder: Path) -> Any:
    """The handler of a function, from its own folder, whatever other app.py is loaded."""
    spec = importlib.util.spec_from_file_location(f"functions_{folder.name}", folder / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler


@lru_cache(maxsize=1)
def handlers() -> dict[str, Any]:
    """Every function's handler by folder name."""
    return {path.parent.name: load_handler(path.parent) for path in _apps()}


def actions() -> list[ActionCase]:
    """Every button, with its scenarios."""
    found = handlers().items()
    return [ActionCase(name, each) for name, each in found if isinstance(each, Action)]


def tools() -> list[ActionCase]:
    """Every tool of the voice agent that changes something."""
    found = [(name, each) for name, each in handlers().items() if isinstance(each, Toolbox)]
    return [ActionCase(name, each) for name, each in found if each.only and each.only.changes]


def cases() -> list[ActionCase]:
    """Whatever somebody does once: buttons and tools."""
    return [*actions(), *tools()]


def scenarios() -> list[tuple[str, str]]:
    """Every event file with an expectation: function and scenario."""
    return [
        (folder.parent.name, scenario)
        for folder in sorted((ROOT / "events").glob("*/given.json"))
        for scenario in json.loads(folder.read_text())["expect"]
    ]


def given(function: str) -> dict[str, Any]:
    """The rows that a function's scenarios start from, and what each must answer."""
    path = ROOT / "events" / function / "given.json"
    if not path.exists():
        raise ScenarioError(
            f"events/{function}/given.json is missing. Add it: the rows that the scenarios start "
            "from and what each is answered with (docs/architecture.md, Adding a button)."
        )
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _apps() -> list[Path]:
    return sorted((ROOT / "functions").glob("*/app.py"))


def is_for_a_tool(event: Event) -> bool:
    """Whether the voice agent's platform sends it."""
    return str(event.get("rawPath", "")).startswith("/api/vapi/")


@dataclass(frozen=True)
class ActionCase:
    """One button or tool as the matrices use it."""

    name: str
    action: Any

    @property
    def is_tool(self) -> bool:
        """Whether the voice agent asks for it, by a credential of its org: no person, no token."""
        return isinstance(self.action, Toolbox)

    @property
    def command(self) -> Any:
        """What it takes."""
        return self.action.only.command if self.is_tool else self.action.command

    @property
    def use_case(self) -> Any:
        """The rule that decides."""
        return self.action.only.use_case if self.is_tool else self.action.use_case

    @property
    def actor(self) -> str:
        """Who does it, as the journal says it."""
        return VOICE if self.is_tool else ALICE

    @cached_property
    def given(self) -> dict[str, Any]:
        """The rows and expectations of its event files."""
        return given(self.name)

    @property
    def rows(self) -> dict[str, list[Row]]:
        """The rows that its scenarios start from."""
        return copy.deepcopy(self.given["rows"])

    @property
    def done(self) -> list[str]:
        """The results of the entries that one press leaves: one for each row that it changes."""
        return ["ok"] * int(self.given.get("entries", 1))

    @property
    def new_requests(self) -> list[str]:
        """What a new press asks of the database, in order."""
        return self._requests("new")

    @property
    def replayed_requests(self) -> list[str]:
        """What a repeat of it asks."""
        return self._requests("replayed")

    def _requests(self, kind: str) -> list[str]:
        named: dict[str, list[str]] = self.given.get("requests", {})
        return named.get(kind, ["TransactWriteItems"])

    @property
    def route(self) -> tuple[str, str]:
        """Its method and path in the template."""
        (only,) = routes(self.name)
        return only

    @property
    def happy(self) -> str:
        """The scenario that succeeds: the first one."""
        return str(next(iter(self.given["expect"])))

    @staticmethod
    def another(press: Press) -> Press:
        """A request that also fits and asks for something else: another id or name."""
        event = copy.deepcopy(press.event)
        if path := event.get("pathParameters"):
            event["pathParameters"] = {name: f"{text}x" for name, text in path.items()}
            return Press(event)
        name = next((name for name in press.json if name.lower().endswith("id")), "name")
        return press.body(json.dumps(press.json | {name: f"{press.json[name]}x"}))

    @staticmethod
    def count_rows(snapshot: dict[str, list[Row]]) -> dict[str, int]:
        """How many rows each table holds: an effect done twice would leave one more."""
        return {table: len(rows) for table, rows in snapshot.items()}

    def press(self, org_id: str, scenario: str | None = None) -> Press:
        """One press of the button in an org, with a key of its own."""
        event = event_of(self.name, scenario or self.happy)
        if self.is_tool:
            return Press(event).by(VOICE, org_id).key(str(uuid4()))
        groups = "[staff]" if "staff" in self.action.roles else f"[{min(self.action.roles)}]"
        return Press(event).by(ALICE, org_id, groups).key(str(uuid4()))


@dataclass(frozen=True)
class Press:
    """A request under construction; each method returns a changed copy."""

    event: Event

    def by(self, user: str, org_id: str, groups: str | None = None) -> Press:
        """Sent by this user of this org, in these groups or those that it has.

        To a tool: by the org's own credential, known like a token that the gateway has verified.
        """
        if is_for_a_tool(self.event):
            secret = f"secret-of-{org_id}"
            voice.remember(credentials.of_token(secret), org_id)
            return self.header("x-vapi-secret", secret)
        claims = {"sub": user, "email": f"{user}@example.com", "custom:org_id": org_id}
        return self.claims(claims | {"cognito:groups": self._groups if groups is None else groups})

    @property
    def _groups(self) -> str:
        authorizer = self.event["requestContext"].get("authorizer", {})
        return str(authorizer.get("jwt", {}).get("claims", {}).get("cognito:groups", "[staff]"))

    def claims(self, claims: Mapping[str, str] | None) -> Press:
        """Sent with these claims; None is a request without an identity."""
        event = copy.deepcopy(self.event)
        about = event["requestContext"]
        about.pop("authorizer", None)
        if claims is not None:
            about["authorizer"] = {"jwt": {"claims": dict(claims), "scopes": []}}
        about["requestId"] = uuid4().hex
        return Press(event)

    def key(self, key: str | None) -> Press:
        """Sent with this idempotency key, or none."""
        return self.header("x-idempotency-key", key)

    def header(self, name: str, value: str | None) -> Press:
        """Sent with this header, or without it."""
        event = copy.deepcopy(self.event)
        event["headers"].pop(name, None)
        if value is not None:
            event["headers"][name] = value
        return Press(event)

    def body(self, body: str) -> Press:
        """Sent with this text as its body."""
        return replace(self, event={**copy.deepcopy(self.event), "body": body})

    @property
    def json(self) -> dict[str, Any]:
        """The body that it sends."""
        loaded: dict[str, Any] = json.loads(self.event["body"])
        return loaded

    def sent_to(self, case: ActionCase) -> Answer:
        """The handler's answer."""
        return Answer.of(case.action(self.event))


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @classmethod
    def of(cls, response: dict[str, Any]) -> Answer:
        """The answer in a Lambda response."""
        return cls(response["statusCode"], response["headers"], response["body"])

    @property
    def json(self) -> dict[str, Any]:
        """Its body."""
        loaded: dict[str, Any] = json.loads(self.text or "{}")
        return loaded

    @property
    def code(self) -> str | None:
        """Its error code."""
        code: str | None = self.json.get("code")
        return code

    @property
    def replayed(self) -> bool:
        """Whether it says that it is kept from an earlier request."""
        return self.headers.get("Idempotent-Replayed") == "true"
