"""Tokens of the local issuer, checked as an API gateway checks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt
import pytest

from local.people import PEOPLE
from local.tokens import AUDIENCE, Issuer

if TYPE_CHECKING:
    from pathlib import Path

URL = "http://127.0.0.1:8787/auth"
OWNER = PEOPLE[0]


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    """An issuer with a new key."""
    return Issuer(URL, tmp_path / "kept" / "issuer.pem")


def verified(token: str, issuer: Issuer) -> dict[str, Any]:
    """The claims, by the published key of the token's own `kid`."""
    published = jwt.PyJWKSet.from_dict(issuer.keys())
    key = published[jwt.get_unverified_header(token)["kid"]]
    claims: dict[str, Any] = jwt.decode(token, key, ["RS256"], audience=AUDIENCE, issuer=URL)
    return claims


def test_a_token_carries_who_and_for_which_org(issuer: Issuer) -> None:
    """With the names that Cognito uses."""
    claims = verified(issuer.token(OWNER), issuer)
    assert claims["sub"] == OWNER.id
    assert claims["email"] == OWNER.email
    assert claims["custom:org_id"] == "demo"
    assert claims["cognito:groups"] == ["owner"]
    assert claims["exp"] - claims["iat"] == 30 * 24 * 3600


def test_an_expired_token_can_be_minted(issuer: Issuer) -> None:
    """For the test that it is refused."""
    with pytest.raises(jwt.ExpiredSignatureError):
        verified(issuer.token(OWNER, exp=1), issuer)


def test_a_token_for_somebody_else_can_be_minted(issuer: Issuer) -> None:
    """Another audience than ours."""
    with pytest.raises(jwt.InvalidAudienceError):
        verified(issuer.token(OWNER, aud="another"), issuer)


def test_a_claim_can_be_left_out(issuer: Issuer) -> None:
    """None is no claim at all."""
    claims = verified(issuer.token(OWNER, **{"custom:org_id": None}), issuer)
    assert "custom:org_id" not in claims


def test_a_kept_key_keeps_tokens_valid(issuer: Issuer, tmp_path: Path) -> None:
    """Another issuer with the same file publishes the same key."""
    again = Issuer(URL, tmp_path / "kept" / "issuer.pem")
    assert verified(issuer.token(OWNER), again)["sub"] == OWNER.id


def test_the_key_file_is_private(issuer: Issuer, tmp_path: Path) -> None:
    """Only its owner may read it."""
    assert (tmp_path / "kept" / "issuer.pem").stat().st_mode & 0o777 == 0o600


def test_the_demo_org_has_every_role_and_the_other_one_staff() -> None:
    """Isolation and roles can both be tried."""
    roles = {(person.org_id, person.role) for person in PEOPLE}
    assert roles == {("demo", "owner"), ("demo", "manager"), ("demo", "staff"), ("other", "staff")}
