"""A server that stands still: the built page and the rows of one day, answered without a stack."""

from __future__ import annotations

import json
import mimetypes
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from closedloop.bookings import calendar
from closedloop.business.defaults import DEFAULTS
from local.people import PEOPLE
from tests.e2e.picture_rows import OWNER, Row, rows
from tests.support.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Route, WebSocketRoute

HOME = "http://localhost/"
DIST = ROOT / "web" / "dist"
_LISTS = ("contacts", "leads", "appointments", "jobs", "calls", "runs", "conflicts")
_CURSOR = "1"
_ALWAYS = {"/sandbox/tokens", "/api/me", "/api/realtime/ticket", "/api/changes"}
_REFUSED = {"success": False, "code": "VALIDATION_FAILED", "error": "No.", "request_id": "1"}

Query = dict[str, str]


class Replay:
    """Answers what the dashboard asks, from rows that never change.

    While it `fails`, lists and rows are refused; while it is `away`, nothing is answered at all.
    """

    def __init__(self) -> None:
        self.rows = rows()
        self.fails = False
        self.away = False

    def empty(self) -> None:
        """From now on there is nothing but the business itself."""
        self.rows = {name: found if name == "orgs" else [] for name, found in self.rows.items()}

    def serve(self, context: BrowserContext) -> None:
        """Takes over everything that this browser profile asks for."""
        context.route("**/*", self._answer)
        context.route_web_socket("**/*", _socket)

    def _answer(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        if not url.path.startswith(("/api/", "/sandbox/")):
            _file(route, url.path)
            return
        if self.away:
            route.abort("internetdisconnected")
            return
        if self.fails and url.path not in _ALWAYS:
            route.fulfill(status=400, json=_REFUSED)
            return
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        body = self.body(url.path, query)
        status = 200 if body is not None else 404
        answer = {"success": status == 200, "code": "NOT_FOUND", **(body or {})}
        route.fulfill(status=status, json=answer)

    def body(self, path: str, query: Query) -> Row | None:
        """What is answered, None where there is nothing."""
        name = path.removeprefix("/api/")
        if path == "/api/calendar":
            jobs = [calendar.shown(job) for job in _fitting(self.rows["jobs"], query)]
            holds = _fitting(self.rows["appointment_holds"], query)
            return {"jobs": jobs, "holds": holds, "appointments": []}
        if path == "/api/sms/threads":
            return {"threads": self._threads(only_open="unanswered" in query), "cursor": None}
        known = self._special().get(path)
        if known is not None:
            return known()
        if path.endswith("/sms-history"):
            return {"sms_messages": self._thread(path.split("/")[3]), "cursor": None}
        table = name.removeprefix("reconcile/")
        if table in _LISTS:
            return {table: _fitting(self.rows[table], query), "cursor": None}
        kind, _, row_id = table.partition("/")
        found = [row for row in self.rows.get(kind, []) if row["id"] == row_id]
        return {kind.removesuffix("s"): found[0]} if found else None

    def _special(self) -> dict[str, Callable[[], Row]]:
        settings = next(row for row in self.rows["orgs"] if row["id"] == "settings")
        me = {"id": OWNER.id, "email": OWNER.email, "org_id": OWNER.org_id, "roles": [OWNER.role]}
        return {
            "/sandbox/tokens": lambda: {"users": [_user(each) for each in PEOPLE]},
            "/api/me": lambda: {"me": me | {"org": settings}},
            "/api/realtime/ticket": lambda: {
                "ticket": "t",
                "expires_in": 30,
                "url": "ws://localhost/ws",
            },
            "/api/changes": lambda: {"changes": self._news(), "cursor": _CURSOR, "more": False},
            "/api/settings": lambda: {
                "settings": settings | {"templates": _TEMPLATES},
                "defaults": {**DEFAULTS, "text_countries": ["US"]},
            },
            "/api/templates": lambda: {"templates": [], "cursor": None},
            "/api/system/breakers": lambda: {"breakers": _BREAKERS, "cursor": None},
            "/api/sms/threads": lambda: {"threads": [], "cursor": None},
            "/api/sms/failed": lambda: {"sms_messages": self._failed(), "cursor": None},
            "/api/audit": lambda: {"audit": [], "cursor": None},
        }

    def _news(self) -> list[Row]:
        """The texts of the last days: no list tells of them, the changes do."""
        return [
            {
                "type": "INSERT",
                "table": "sms_logs",
                "id": row["id"],
                "record": row,
                "old_record": None,
                "version": row["version"],
                "cursor": _CURSOR,
                "commit_timestamp": row["updated_at"],
                "actor": row["updated_by"],
                "idempotency_key": None,
            }
            for row in self.rows["sms_logs"]
        ]

    def _thread(self, person_id: str) -> list[Row]:
        return [
            _told(row) for row in reversed(self.rows["sms_logs"]) if row["person_id"] == person_id
        ]

    def _threads(self, *, only_open: bool) -> list[Row]:
        """The last text with each person, the latest first."""
        ordered = sorted(self.rows["sms_logs"], key=lambda row: row["sent_at"])
        last = {(row["person_table"], row["person_id"]): row for row in ordered}
        return [
            self._thread_of(row)
            for row in sorted(last.values(), key=lambda row: row["sent_at"], reverse=True)
            if row["direction"] == "in" or not only_open
        ]

    def _thread_of(self, last: Row) -> Row:
        table, row_id = last["person_table"], last["person_id"]
        person = next(row for row in self.rows[table] if row["id"] == row_id)
        return {
            "person": {"kind": table, **{name: person[name] for name in ("id", "name", "phone")}},
            "last": _told(last),
            "at": last["sent_at"],
            "unanswered": last["direction"] == "in",
        }

    def _failed(self) -> list[Row]:
        return [_told(row) for row in self.rows["sms_logs"] if row["status"] == "failed"]


_BREAKERS = [
    {"name": "twilio", "state": "closed", "failures": 0, "retry_at": None},
    {"name": "square", "state": "half_open", "failures": 5, "retry_at": "2026-11-24T16:21:00Z"},
]
_TEMPLATES = {
    "winter_check": "Hi {firstName}, salt is on the roads. Time for a wash and wax?",
    "ready": {"text": "{firstName}, your car is ready.", "category": "transactional"},
}


def _told(row: Row) -> Row:
    """A text as a thread tells it."""
    return row | {"sentAt": row["sent_at"], "heldUntil": None}


def _user(person: Any) -> Row:
    return {
        "name": person.name,
        "email": person.email,
        "token": "t",
        "role": person.role,
        "org": person.org_id,
        "org_name": "Bright Finish Auto Detailing" if person.org_id == "demo" else "Cedar Hill",
    }


def _fitting(found: list[Row], query: Query) -> list[Row]:
    return [
        row
        for row in found
        if query.get("status") in {None, row.get("status")}
        and query.get("phone") in {None, row.get("phone")}
        and ("from" not in query or query["from"][:19] <= row["start"][:19] < query["to"][:19])
    ]


def _file(route: Route, path: str) -> None:
    file = DIST / path.removeprefix("/")
    if not file.is_file():
        file = DIST / "index.html"
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    route.fulfill(body=file.read_bytes(), content_type=kind)


def _socket(socket: WebSocketRoute) -> None:
    def hear(text: str | bytes) -> None:
        said = json.loads(text)
        if said["action"] == "ping":
            socket.send('{"type": "PONG"}')
        if said["action"] == "subscribe":
            tables = {"tables": said["tables"], "cursor": _CURSOR, "resync": False, "more": False}
            socket.send(json.dumps({"type": "SUBSCRIBED", **tables}))

    socket.on_message(hear)
