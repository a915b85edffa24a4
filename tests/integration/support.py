"""The API over HTTP, as a program of the business calls it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import urllib3

from local.people import Person
from tests.support.actions import ALICE, Answer
from tests.support.database import Database

if TYPE_CHECKING:
    from local.stack import Stack
    from tests.support.actions import ActionCase, Press

HTTP = urllib3.PoolManager(maxsize=64, retries=False, timeout=60)


@dataclass(frozen=True)
class Api:
    """One org's view of the stack."""

    stack: Stack
    org: str

    @property
    def database(self) -> Database:
        """The stack's tables, seen from outside of the functions."""
        return Database(self.stack.client("dynamodb"), "", self.stack.table_prefix)

    def token(self, user: str = ALICE, role: str = "staff", **claims: Any) -> str:
        """A token of the local issuer; `claims` replace those that it would carry."""
        person = Person(user, user.title(), f"{user}@example.com", self.org, role)
        return self.stack.issuer.token(person, **claims)

    def press(self, case: ActionCase, press: Press, token: str | None) -> Answer:
        """Send a press through the front door."""
        method, path = case.route
        for name, text in press.event.get("pathParameters", {}).items():
            path = path.replace(f"{{{name}}}", text)
        kept = ("content-type", "x-idempotency-key")
        headers = {name: press.event["headers"][name] for name in kept}
        return self.send(method, path, token, headers, press.event["body"])

    def get(self, path: str, token: str | None = None) -> Answer:
        """Read from the API as staff, or with this token."""
        return self.send("GET", f"/api/{path}", token or self.token(), {}, None)

    def send(
        self, method: str, path: str, token: str | None, headers: dict[str, str], body: str | None
    ) -> Answer:
        """One request as it goes over the wire."""
        url = self.stack.info["api_url"].removesuffix("/api") + path
        if token is not None:
            headers = headers | {"authorization": f"Bearer {token}"}
        found = HTTP.request(method, url, headers=headers, body=body)
        return Answer(found.status, dict(found.headers), found.data.decode())
