"""The tokens of Square's OAuth: what is valid, what has expired, what was taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from local.sandbox.square.shapes import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.sandbox.square.clock import Clock

ACCESS_LIFE = timedelta(days=30)
GRACE = timedelta(days=15)
"""How long after the end of a token its refresh still works; after that the seller is asked."""

SELLER_SCOPES = (
    "APPOINTMENTS_ALL_READ", "APPOINTMENTS_READ", "CUSTOMERS_READ", "ITEMS_READ",
    "MERCHANT_PROFILE_READ",
)  # fmt: skip


@dataclass(slots=True)
class Permission:
    """What a seller has allowed the application."""

    merchant_id: str
    refresh_token: str
    scopes: tuple[str, ...] = SELLER_SCOPES
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class _Issued:
    permission: Permission
    until: datetime


@dataclass(slots=True)
class Access:
    """An application, and what sellers have allowed it. `renewals` counts the refreshes."""

    client_id: str
    client_secret: str
    clock: Clock
    renewals: int = 0
    _issued: dict[str, _Issued] = field(default_factory=dict)
    _permissions: dict[str, Permission] = field(default_factory=dict)

    def grant(self, merchant_id: str, access_token: str, refresh_token: str) -> Permission:
        """A seller says yes; the token is as old as it may be."""
        permission = Permission(merchant_id, refresh_token)
        self._permissions[refresh_token] = permission
        self._issued[access_token] = _Issued(permission, self.clock.now() + ACCESS_LIFE)
        return permission

    def allowed(self, authorization: str, scope: str = "") -> Permission:
        """What the bearer of this header may do.

        Raises:
            RefusedError: nothing, and why.
        """
        issued = self._issued.get(authorization.removeprefix("Bearer "))
        if issued is None or not authorization.startswith("Bearer "):
            raise RefusedError(401, "UNAUTHORIZED", "This request could not be authorized.")
        if issued.permission.revoked:
            raise RefusedError(401, "ACCESS_TOKEN_REVOKED", "The token was revoked.")
        if issued.until <= self.clock.now():
            raise RefusedError(401, "ACCESS_TOKEN_EXPIRED", "The token has expired.")
        if scope and scope not in issued.permission.scopes:
            words = f"The merchant has not given your application {scope}."
            raise RefusedError(403, "INSUFFICIENT_SCOPES", words)
        return issued.permission

    def status(self, authorization: str) -> dict[str, Any]:
        """As RetrieveTokenStatus answers it."""
        permission = self.allowed(authorization)
        until = self._issued[authorization.removeprefix("Bearer ")].until
        return {
            "scopes": list(permission.scopes),
            "expires_at": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "client_id": self.client_id,
            "merchant_id": permission.merchant_id,
        }

    def renew(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """As ObtainToken answers a refresh.

        Raises:
            RefusedError: not our application, or a permission that is no more.
        """
        if (fields.get("client_id"), fields.get("client_secret")) != (
            self.client_id,
            self.client_secret,
        ):
            raise RefusedError(401, "UNAUTHORIZED", "Not authorized.", "client_id")
        if fields.get("grant_type") != "refresh_token":
            raise RefusedError(400, "BAD_REQUEST", "Unknown grant.", "grant_type")
        permission = self._permissions.get(str(fields.get("refresh_token")))
        if permission is None or permission.revoked or self._too_late(permission):
            raise RefusedError(401, "UNAUTHORIZED", "The refresh token is not valid.")
        self.renewals += 1
        token, until = f"EAAA{uuid4().hex}", self.clock.now() + ACCESS_LIFE
        self._issued[token] = _Issued(permission, until)
        return {
            "access_token": token,
            "token_type": "bearer",
            "expires_at": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "merchant_id": permission.merchant_id,
            "refresh_token": permission.refresh_token,
            "short_lived": False,
        }

    def _too_late(self, permission: Permission) -> bool:
        ends = [each.until for each in self._issued.values() if each.permission is permission]
        return max(ends) + GRACE <= self.clock.now()
