"""Connects a business with its seller at Square.

    make square ORG=acme MERCHANT=ML... < token.json     connect; shows the counts
    make square ORG=acme FROM=2025-01-01 DRY=1           what a backfill would do
    make square ORG=acme FROM=2025-01-01                 the backfill
    make square ORG=acme CHECK=1                         token, counts, subscription

`token.json` is what Square's OAuth answered: `access_token` and `refresh_token`. docs/square.md
says the rest.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

import boto3

from tools.square.connect import backfill, connect, look
from tools.square.stack import NotConnectedError, Stack, application_token

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says; 1 where it was refused."""
    asked = _parser().parse_args(arguments)
    try:
        for line in _lines(asked):
            sys.stdout.write(line + "\n")
    except NotConnectedError as no:
        sys.stderr.write(f"{no}\n")
        return 1
    return 0


def _lines(asked: argparse.Namespace) -> Iterator[str]:
    stack = Stack.deployed(boto3.client, asked.stack)
    if asked.check:
        return look(stack, asked.org, application_token())
    if asked.since:
        return backfill(stack, asked.org, asked.since, dry=bool(asked.dry))
    return connect(stack, asked.org, asked.merchant, _token())


def _token() -> dict[str, str]:
    """From standard input: a command line is kept in histories and shown to others."""
    try:
        found = json.load(sys.stdin)
    except ValueError:
        found = {}
    return found if isinstance(found, dict) else {}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make square")
    parser.add_argument("--org", required=True)
    parser.add_argument("--merchant", default="")
    parser.add_argument("--stack", default="closedloop")
    parser.add_argument("--from", dest="since", default="")
    parser.add_argument("--dry", default="")
    parser.add_argument("--check", default="")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
