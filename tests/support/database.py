"""A real database for tests in one process: MiniStack, or AWS's own DynamoDB Local by address."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from base64 import b64decode
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import boto3
import urllib3

from closedloop.core import journal
from closedloop.dynamo.codec import item, row
from local.emulator import child, guard
from tests.support.template import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from closedloop.core.rows import Row

PREFIX = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'only')}-"
"""Workers of one run may share an engine: each has tables of its own."""

_KEY = "test"
_SCOPE = f"{_KEY}/20261121/us-east-1/dynamodb/aws4_request"
_HTTP = urllib3.PoolManager(retries=False, timeout=60)
_BATCH = 25
"""Rows that the database takes in one request."""

ROW_TABLES = (
    "appointment_holds",
    "appointments",
    "calls",
    "codes",
    "contacts",
    "jobs",
    "leads",
    "orgs",
    "reconcile",
    "sms_logs",
)


@dataclass(frozen=True)
class Database:
    """The tables of the template, seen from outside of the code under test.

    Without `url` they are those of a stack: its client alone knows how to sign.
    """

    client: Any
    url: str
    prefix: str = PREFIX
    token: str = ""
    """The session token that the guard of the emulator asks for; the other engine has no guard."""

    def put(self, org_id: str, rows: dict[str, list[Row]]) -> None:
        """Store rows of an org as an earlier write left them; `{org}` in an id is the org's."""
        puts = [
            (self.prefix + table, {"PutRequest": {"Item": item(as_stored(org_id, each))}})
            for table, many in rows.items()
            for each in many
        ]
        for start in range(0, len(puts), _BATCH):
            asked: dict[str, list[Any]] = {}
            for table, put in puts[start : start + _BATCH]:
                asked.setdefault(table, []).append(put)
            left = self.client.batch_write_item(RequestItems=asked)["UnprocessedItems"]
            assert not left

    def rows(self, table: str, org_id: str) -> list[Row]:
        """All rows of an org in a table, in the order of their ids."""
        question = {
            "TableName": self.prefix + table,
            "KeyConditionExpression": "org_id = :o",
            "ExpressionAttributeValues": item({":o": org_id}),
            "ConsistentRead": True,
        }
        found: list[Row] = []
        while True:
            page = self._query(question)
            found += [row(each) for each in page["Items"]]
            if "LastEvaluatedKey" not in page:
                return found
            question["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _query(self, question: dict[str, Any]) -> Any:
        if not self.url:
            return self.client.query(**question)
        # Without boto3: the tests look at all tables ten thousand times, and most of that was it.
        headers = {
            "Authorization": f"AWS4-HMAC-SHA256 Credential={_SCOPE}, SignedHeaders=, Signature=",
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Date": "20261121T000000Z",
            "X-Amz-Security-Token": self.token,
            "X-Amz-Target": "DynamoDB_20120810.Query",
        }
        answer = _HTTP.request("POST", self.url, body=json.dumps(question), headers=headers)
        assert answer.status == 200, answer.data
        return json.loads(answer.data, object_hook=_with_bytes)

    def snapshot(self, org_id: str) -> dict[str, list[Row]]:
        """All business rows of an org: what an effect would change."""
        return {table: self.rows(table, org_id) for table in ROW_TABLES}

    def audit(self, org_id: str) -> list[Row]:
        """The journal of an org, oldest first, each entry with the row that it is about."""
        found = sorted(self.rows("journal", org_id), key=lambda entry: int(entry["version"]))
        rows = (journal.row_of(each) or (None, None) for each in found)
        return [
            each | ({"table": table, "row_id": row_id} if table else {})
            for each, (table, row_id) in zip(found, rows, strict=True)
        ]

    def records(self, org_id: str) -> list[Row]:
        """The entries of an org that keep the reply of a key."""
        return [each for each in self.audit(org_id) if "hash" in each]


def _with_bytes(found: dict[str, Any]) -> dict[str, Any]:
    binary = found.get("B")
    return {"B": b64decode(binary)} if isinstance(binary, str) else found


def as_stored(org_id: str, row: Row) -> Row:
    """A row with what an earlier write left on it."""
    return {
        "org_id": org_id,
        "version": 1_700_000_000_000_000,
        "created_at": "2026-11-01T09:00:00.000Z",
        "updated_at": "2026-11-01T09:00:00.000Z",
        "updated_by": {"id": "system", "email": "system"},
        **row,
        "id": row["id"].replace("{org}", org_id),
    }


@contextmanager
def database() -> Iterator[Database]:
    """A database with the template's tables, ended afterwards if it was started here."""
    url = os.environ.get("DYNAMODB_URL")
    if url:
        yield _with_tables(url, os.environ.get("DYNAMODB_TOKEN", ""))
        return
    secret = secrets.token_hex(32)
    with TemporaryDirectory(prefix="closedloop-") as folder, _ministack(folder, secret) as started:
        yield _with_tables(started, guard.token(secret, _KEY))


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _ministack(folder: str, secret: str) -> Iterator[str]:
    port, (ours, theirs) = free_port(), socket.socketpair()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    settings = {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "STATE_DIR": folder,
        "TMPDIR": folder,
        "LOG_LEVEL": "WARNING",
        child.DESCRIPTOR: str(theirs.fileno()),
        child.SECRET: secret,
    }
    process = subprocess.Popen(
        [sys.executable, child.__file__],
        env=clean | settings,
        pass_fds=[theirs.fileno()],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    theirs.close()
    try:
        yield _when_up(process, f"http://127.0.0.1:{port}", guard.door_token(secret))
    finally:
        process.terminate()
        process.wait(20)
        ours.close()


def _when_up(process: subprocess.Popen[bytes], url: str, token: str) -> str:
    headers = {guard.DOOR_HEADER.decode(): token}
    health = urllib.request.Request(url + guard.HEALTH, headers=headers)  # noqa: S310 - loopback
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError("the emulator ended at once")
        try:
            urllib.request.urlopen(health, timeout=1).close()  # noqa: S310 - loopback
        except OSError:
            time.sleep(0.05)
        else:
            return url
    raise RuntimeError("the emulator did not come up")


def _with_tables(url: str, token: str = "") -> Database:
    client = boto3.client(
        "dynamodb",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=_KEY,
        aws_secret_access_key="test",
        aws_session_token=token or None,
    )
    for name, wanted in tables().items():
        with suppress(client.exceptions.ResourceInUseException):  # an engine that was used before
            client.create_table(TableName=PREFIX + name, **wanted)
    return Database(client, url, token=token)
