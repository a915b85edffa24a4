"""Who may press: the token alone decides, before anything is read or written."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest

from closedloop.edge import http
from tests.support.actions import ALICE
from tests.support.wire import wire

if TYPE_CHECKING:
    from tests.support.actions import ActionCase
    from tests.support.database import Database

pytestmark = pytest.mark.signed_in

ROLES = ("owner", "manager", "staff")


@pytest.mark.parametrize("claims", [None, {}, {"email": "a@example.com", "custom:org_id": "x"}])
def test_no_identity_is_401(
    case: ActionCase, ready: Database, org: str, claims: dict[str, str] | None
) -> None:
    """Without a verified subject nothing is asked of the database."""
    with wire() as watched:
        answer = case.press(org).claims(claims).sent_to(case)
    assert (answer.status, answer.code) == (401, "UNAUTHORIZED")
    assert watched.requests == []


@pytest.mark.parametrize("org_claim", ["", "a b", "x#y", "é", "x" * 65])
def test_an_account_without_a_business_is_403(
    case: ActionCase, ready: Database, org: str, org_claim: str
) -> None:
    """An org claim that is missing or no org's name opens nothing."""
    claims = {"sub": ALICE, "custom:org_id": org_claim, "cognito:groups": "[owner]"}
    answer = case.press(org).claims(claims).sent_to(case)
    assert (answer.status, answer.code) == (403, "FORBIDDEN")


def test_a_button_names_its_roles() -> None:
    """Nobody presses a button because its author forgot to say who may."""
    assert inspect.signature(http.action).parameters["roles"].default is inspect.Parameter.empty


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_press_what_the_button_allows(
    case: ActionCase, ready: Database, org: str, role: str
) -> None:
    """Those named by the button succeed; others get 403, no effect, and an audit entry."""
    before = ready.snapshot(org)
    answer = case.press(org).by(ALICE, org, f"[{role} guest]").sent_to(case)
    if role in case.action.roles:
        assert answer.json["success"] is True
    else:
        assert (answer.status, answer.code) == (403, "FORBIDDEN")
        assert ready.snapshot(org) == before
        assert [entry["result"] for entry in ready.audit(org)] == ["FORBIDDEN"]


@pytest.mark.parametrize("length", [256, 3000])
def test_a_subject_that_is_too_long_is_403(
    case: ActionCase, ready: Database, org: str, length: int
) -> None:
    """Refused before anything is asked for: it would become part of keys."""
    with wire() as watched:
        answer = case.press(org).by("s" * length, org, "[owner]").sent_to(case)
    assert (answer.status, answer.code) == (403, "FORBIDDEN")
    assert watched.requests == []


@pytest.mark.parametrize(
    "groups",
    ["", "[]", "[guest]", "staffer", "[Staff]", "[guest,owner,manager,staff]", "[[staff]]"],
)
def test_no_role_presses_nothing(case: ActionCase, ready: Database, org: str, groups: str) -> None:
    """An account in none of the groups is refused and the refusal is kept."""
    before = ready.snapshot(org)
    answer = case.press(org).by(ALICE, org, groups).sent_to(case)
    assert (answer.status, answer.code) == (403, "FORBIDDEN")
    assert ready.snapshot(org) == before
    assert [entry["result"] for entry in ready.audit(org)] == ["FORBIDDEN"]


def test_the_body_cannot_name_an_org(case: ActionCase, ready: Database, org: str) -> None:
    """An org in body, header or query is refused or without meaning: the token's org counts."""
    press = case.press(f"{org}-other").header("x-org-id", org).header("custom:org_id", org)
    assert press.sent_to(case).status == 404
