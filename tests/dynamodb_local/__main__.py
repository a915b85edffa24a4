"""Runs the database tests against AWS's own engine: `make test-dynamodb-local`.

The emulator that the other runs use is quicker to start; this run lets AWS's code judge every
expression, condition and transaction.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

from tests.support.database import free_port
from tests.support.template import ROOT

JARS = ROOT / ".tools" / "dynamodb-local"
TESTS = (
    "tests/bookings",
    "tests/business",
    "tests/dynamo",
    "tests/jobs/test_update.py",
    "tests/jobs/test_views.py",
    "tests/matrices/test_bulk.py",
    "tests/matrices/test_idempotency.py",
    "tests/matrices/test_isolation.py",
    "tests/matrices/test_scenarios.py",
    "tests/people",
    "tests/realtime/test_catch_up.py",
    "tests/realtime/test_conditions.py",
    "tests/realtime/test_connect.py",
    "tests/realtime/test_ticket.py",
    "tests/square/test_believing.py",
    "tests/square/test_cancelled.py",
    "tests/square/test_customers.py",
    "tests/square/test_events.py",
    "tests/square/test_outages.py",
    "tests/square/test_places.py",
    "tests/square/test_reconcile.py",
    "tests/voice/test_code_limits.py",
    "tests/voice/test_code_texts.py",
    "tests/voice/test_codes.py",
    "tests/voice/test_once.py",
)
"""Every expression and condition; what breaks on the way is the same on any engine."""


def main() -> int:
    """The exit code of pytest."""
    port = free_port()
    engine = subprocess.Popen(
        [  # noqa: S607 - Java as it is on the path
            "java", "-cp", f"{JARS}/*", "software.amazon.dynamodb.services.local.main.ServerRunner",
            "-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(port),
        ],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(engine, url)
        chosen = ["-m", "not stack and not thorough", *sys.argv[1:], *TESTS]
        command = [sys.executable, "-m", "pytest", "-q", *chosen]
        # The engine judges expressions; more examples of bad bodies would not reach it, and a
        # hundred callers at once meet each other as surely as a thousand.
        given = {"DYNAMODB_URL": url, "HYPOTHESIS_PROFILE": "fast"}
        return subprocess.call(command, env=os.environ | given)
    finally:
        engine.terminate()
        engine.wait(10)


def _wait(engine: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(300):
        if engine.poll() is not None:
            raise RuntimeError("DynamoDB Local ended at once")
        try:
            urllib.request.urlopen(url, timeout=1)  # noqa: S310 - loopback
        except urllib.error.HTTPError:
            return  # it speaks HTTP, and finds no signature
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("DynamoDB Local did not come up")


if __name__ == "__main__":
    sys.exit(main())
