"""CORS as an HTTP API of API Gateway does it: from its settings, whatever a handler says.

Source: "Configure CORS for HTTP APIs" in the API Gateway developer guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "access-control-"


@dataclass(frozen=True, slots=True)
class Cors:
    """The settings of one API; without origins nobody from another origin may read an answer."""

    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    max_age: int = 0
    credentials: bool = False

    @classmethod
    def of(cls, configuration: Mapping[str, Any]) -> Self:
        """From `CorsConfiguration` as GetApi answers it."""
        return cls(
            origins=tuple(configuration.get("AllowOrigins", ())),
            methods=tuple(configuration.get("AllowMethods", ())),
            headers=tuple(configuration.get("AllowHeaders", ())),
            exposed=tuple(configuration.get("ExposeHeaders", ())),
            max_age=int(configuration.get("MaxAge", 0)),
            credentials=bool(configuration.get("AllowCredentials", False)),
        )

    def answer(self, origin: str | None) -> dict[str, str]:
        """The headers of an answer to this origin; none when it may not read it."""
        if origin is None or not self._allows(origin):
            return {}
        headers = {"Access-Control-Allow-Origin": "*" if self.origins == ("*",) else origin}
        headers["Vary"] = "Origin"
        if self.exposed:
            headers["Access-Control-Expose-Headers"] = ",".join(self.exposed)
        if self.credentials:
            headers["Access-Control-Allow-Credentials"] = "true"
        return headers

    def preflight(self, origin: str | None) -> dict[str, str]:
        """The headers of the 204 that a preflight always gets."""
        if not (headers := self.answer(origin)):
            return {}
        headers.pop("Access-Control-Expose-Headers", None)
        return headers | {
            "Access-Control-Allow-Methods": ",".join(self.methods),
            "Access-Control-Allow-Headers": ",".join(self.headers),
            "Access-Control-Max-Age": str(self.max_age),
        }

    def _allows(self, origin: str) -> bool:
        return "*" in self.origins or origin.lower() in {one.lower() for one in self.origins}
