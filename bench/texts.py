"""Many texts through the local stack while Twilio is in trouble: is any lost, is any sent twice?

    python -m bench.texts [--count 1000]

One call in five fails: 429, 500, an answer lost after the text was taken, no answer at all, no
connection. The breaker opens as it should; here it stays open for a second in the place of five
minutes, and the look after held texts runs all the time in the place of each minute.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bench.reconcile import printed, reconciled
from bench.sandbox import Door, Rows, Unanswered
from local.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MODES = ("429", "500", "hang_after_accept", "hang_before_accept", "refuse")
SHARE = 0.2
MOST = 2000  # the day's budget of both businesses
_PRESSERS = 3
_TROUBLED_SECONDS, _SETTLING_SECONDS = 210, 170
_POLL_SECONDS = 2.0
_STILL_POLLS = 4


@dataclass(frozen=True)
class Text:
    """One text that is to be sent: whose, to whom, and the words by which it is found again."""

    org: str
    lead: str
    marker: str


def main(arguments: Sequence[str]) -> int:
    """Print the table; 1 if a text was sent twice or lost."""
    parser = argparse.ArgumentParser(prog="python -m bench.texts", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help=f"how many texts, up to {MOST}")
    count = min(parser.parse_args(arguments).count, MOST)
    started = time.monotonic()
    with (
        TemporaryDirectory(prefix="closedloop-texts-") as folder,
        Stack(Path(folder), parameters={"BreakerOpenSeconds": "1"}) as stack,
    ):
        found, opened = _run(stack, count)
    print(printed(found, opened))
    print(f"\nMeasured in {time.monotonic() - started:.0f} s on this machine.")
    return 1 if found.duplicates or found.lost else 0


def _run(stack: Stack, count: int) -> tuple[Any, int]:
    door, rows = Door(stack.info), Rows(stack)
    for mode in MODES:
        door.trouble(mode, SHARE / len(MODES))
    with _looking_after(stack):
        requests = _pressed(door, _texts(stack.info, count))
        _say(f"{len(requests)} of {count} requests were taken.")
        _until_tried(rows)
        met = door.faults()
        door.clear()
        _say(f"Trouble is over; met: {met}.")
        _until_still(rows)
    return reconciled(requests, rows.all(), door.accepted()), rows.times_opened()


def _texts(info: dict[str, Any], count: int) -> Iterator[Text]:
    """To each lead of both businesses in turn: nobody gets more than the limit allows."""
    leads = [(org, lead) for pair in zip(*_leads(info), strict=True) for org, lead in pair]
    for number in range(count):
        org, lead = leads[number % len(leads)]
        yield Text(org, lead, f"text-{number:05}")


def _leads(info: dict[str, Any]) -> list[list[tuple[str, str]]]:
    return [[(org, lead) for lead in ids["lead"]] for org, ids in info["ids"].items()]


def _pressed(door: Door, texts: Iterator[Text]) -> dict[str, str]:
    """The ids of the texts that the API took, by marker."""

    def press(text: Text) -> tuple[str, str] | None:
        try:
            return text.marker, door.press(text.org, text.lead, f"{text.marker} Your car is ready.")
        except Unanswered as error:
            _say(f"{text.marker} was not taken: {error}")
            return None

    with ThreadPoolExecutor(_PRESSERS) as pool:
        return dict(pair for pair in pool.map(press, texts) if pair)


@contextmanager
def _looking_after(stack: Stack) -> Iterator[None]:
    """The schedule's function, again and again."""
    over = threading.Event()
    functions = stack.client("lambda")
    names = [each["FunctionName"] for each in functions.list_functions()["Functions"]]
    (name,) = [each for each in names if "SettleSms" in each]

    def look() -> None:
        while not over.wait(_POLL_SECONDS):
            functions.invoke(FunctionName=name, Payload=b"{}")

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _until_tried(rows: Rows) -> None:
    """Until no text waits for its first call, or time is up."""
    until = time.monotonic() + _TROUBLED_SECONDS
    while time.monotonic() < until:
        counts = rows.counts()
        _say(f"  {counts}")
        if not counts.get("pending") and not counts.get("sending"):
            return
        time.sleep(_POLL_SECONDS)


def _until_still(rows: Rows) -> None:
    """Until nothing moves: what is unknown has been looked up, and stays so."""
    until, before, still = time.monotonic() + _SETTLING_SECONDS, None, 0
    while time.monotonic() < until and still < _STILL_POLLS:
        counts = rows.counts()
        moving = {"pending", "sending", "sent"} & set(counts) or rows.not_looked_up()
        still = 0 if moving or counts != before else still + 1
        before = counts
        _say(f"  {counts}")
        time.sleep(_POLL_SECONDS)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
