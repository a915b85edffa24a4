"""Refusals of a business's own matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from closedloop.core.errors import VersionConflictError

if TYPE_CHECKING:
    from closedloop.business.rows import Org


class SettingsChangedError(VersionConflictError):
    """Somebody else changed the settings in the meantime; carries them."""

    def __init__(self, sentence: str | None = None, *, settings: Org) -> None:
        super().__init__(sentence, settings=settings)
