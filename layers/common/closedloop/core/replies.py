"""Replies are types: a rule names in its return annotation what it answers.

A reply is a `TypedDict` beside its command. It is answered with 200 and `success: true`, unless it
is `Annotated` with an `Answered`. mypy checks the rule; the API's description makes one named
schema of each reply.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answered:
    """The HTTP status and the `success` of a reply that is not a plain 200."""

    status: int
    success: bool = True
