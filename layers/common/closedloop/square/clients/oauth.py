"""The tokens by which a seller lets us read: renewed, and looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from closedloop.square.clients.calls import Calls
from closedloop.square.errors import SquareUnauthorizedError, SquareUnexpectedError

if TYPE_CHECKING:
    from collections.abc import Mapping

ModelT = TypeVar("ModelT", bound=BaseModel)


class Renewed(BaseModel):
    """A token in the place of another. The refresh token stays the same, as a rule."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    access_token: str = Field(min_length=1)
    refresh_token: str = Field(min_length=1)
    merchant_id: str = Field(min_length=1)
    expires_at: AwareDatetime


class Permission(BaseModel):
    """What a token may do, whose it is, and for how long."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    merchant_id: str = Field(min_length=1)
    scopes: tuple[str, ...] = ()
    expires_at: AwareDatetime | None = None


@dataclass(frozen=True, slots=True)
class OAuth:
    """Our application at Square. Every method raises SquareError (closedloop/square/errors.py)."""

    base_url: str
    application_id: str
    application_secret: str

    def renew(self, refresh_token: str) -> Renewed:
        """A new token; the former one lives on until its own end."""
        body = {
            "client_id": self.application_id,
            "client_secret": self.application_secret,
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
        }
        return _typed(Renewed, self._calls(None).post("/oauth2/token", body))

    def permission(self, access_token: str) -> Permission:
        """What this token is good for."""
        return _typed(Permission, self._calls(access_token).post("/oauth2/token/status", {}))

    def alive(self, access_token: str) -> bool:
        """Whether this token is still good for anything."""
        try:
            self.permission(access_token)
        except SquareUnauthorizedError:
            return False
        return True

    def _calls(self, access_token: str | None) -> Calls:
        if access_token is None:
            return Calls(self.base_url, None)

        def token(*, fresh: bool) -> str:  # noqa: ARG001 - it is the one that is asked about
            return access_token

        return Calls(self.base_url, token)


def _typed(model: type[ModelT], answer: Mapping[str, Any]) -> ModelT:
    try:
        return model.model_validate(answer)
    except ValidationError:
        raise SquareUnexpectedError("UNREADABLE") from None
