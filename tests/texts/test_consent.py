"""The rules of STOP and START, without any database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.core.decision import Actor, Context
from closedloop.core.writes import ABSENT, Change, Check, Create
from closedloop.texts import consent

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PHONE = "+13125550100"
ROW = ("orgs", "optout#+13125550100")
LEAD, CONTACT, GONE = ("leads", "l1"), ("contacts", "c1"), ("contacts", "gone")


def context(seen: Mapping[Any, Any] | None = None) -> Context:
    """The webhook's context, with what was seen."""
    return Context(Actor("twilio", "", "demo", frozenset()), "inbound", "", NOW, seen or {})


def test_a_text_goes_out_only_while_the_number_has_not_opted_out() -> None:
    """The condition of a claim: no row, or a row without the mark."""
    assert consent.given(PHONE) == Check(*ROW, {"opted_out_at": ABSENT}, or_none=True)


@pytest.mark.parametrize(
    ("seen", "withdrawn"),
    [
        ({}, False),
        ({ROW: None}, False),
        ({ROW: {"phone": PHONE}}, False),
        ({ROW: {"phone": PHONE, "opted_out_at": "then"}}, True),
        ({("orgs", "optout#+13125550199"): {"opted_out_at": "then"}}, False),
    ],
)
def test_the_row_of_the_number_decides(seen: Mapping[Any, Any], *, withdrawn: bool) -> None:
    """Unseen, missing or without the mark: nobody has said no."""
    assert consent.withdrawn(context(seen), PHONE) is withdrawn


@pytest.mark.parametrize(
    ("say", "opted_out_at"),
    [(consent.withdraw, "2026-11-20T12:00:00.000Z"), (consent.give, None)],
    ids=["STOP", "START"],
)
def test_a_word_is_written_for_the_number_and_everybody_who_has_it(
    say: Any, opted_out_at: str | None
) -> None:
    """The row is made where there is none, else changed; who is known to be gone is left out."""
    fields = {"opted_out_at": opted_out_at, "phone": PHONE}
    mark = {"opted_out_at": opted_out_at}
    people = [LEAD, CONTACT, GONE]
    first = say(context({LEAD: {"id": "l1"}, GONE: None}), PHONE, people)
    assert first == (Create(*ROW, fields), Change(*LEAD, mark), Change(*CONTACT, mark))
    again = say(context({ROW: {"phone": PHONE}}), PHONE, [])
    assert again == (Change(*ROW, fields),)
