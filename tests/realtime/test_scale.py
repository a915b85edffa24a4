"""docs/scale.md says what the model says."""

from __future__ import annotations

from bench.scale import DOCUMENT, wall_lines
from bench.scale_walls import walls


def test_every_wall_stands_in_the_document_with_its_number() -> None:
    """A constant, a limit of the template or a field more, and the document is written anew."""
    written = DOCUMENT.read_text(encoding="utf-8")
    missing = [line for line in wall_lines() if line not in written]
    assert missing == [], "python -m bench.scale --write"


def test_the_goals_are_met_where_they_can_be() -> None:
    """One org: a thousand presses a second by the journal; the fleet: AWS's quotas alone."""
    found = {(each.of, each.what): each.number for each in walls()}
    assert found["one org", "presses, by the journal's list by time"] >= 1_000
    assert all(each.number > 0 and each.cause and each.moves for each in walls())
