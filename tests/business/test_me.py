"""Who is signed in: the settings that staff may see, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from closedloop.business.rows import Org
from tests.support.asking import ask

if TYPE_CHECKING:
    from tests.support.database import Database


def test_only_listed_settings_are_shown(db: Database, org: str) -> None:
    """Whatever a feature puts into the settings stays there until it is listed."""
    settings = {"id": "settings", "name": "Bright Finish", "square_token": "x", "secret": {"a": 1}}
    db.put(org, {"orgs": [settings]})
    shown = ask("me", org).json["me"]["org"]
    assert shown["name"] == "Bright Finish"
    assert {"square_token", "secret"}.isdisjoint(shown)


def test_every_described_setting_is_shown(db: Database, org: str) -> None:
    """The description and the list name the same fields."""
    names = Org.__required_keys__ | Org.__optional_keys__
    settings = dict.fromkeys(names, "x") | {"id": "settings", "org_id": org, "version": 1}
    db.put(org, {"orgs": [settings]})
    assert set(ask("me", org).json["me"]["org"]) == {*names, "org_id"}


@pytest.mark.parametrize("subject", ["s" * 256, "é" * 2000])
def test_a_subject_that_is_too_long_is_403(db: Database, org: str, subject: str) -> None:
    """OpenID Connect allows 255 characters; a key of the database has its limit too."""
    assert ask("me", org, user=subject).status == 403
