"""Headers as the gateway hands them over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def lower(event: Mapping[str, Any]) -> dict[str, str]:
    """The headers of an event, their names in lower case; none where it has none."""
    return {name.lower(): text for name, text in (event.get("headers") or {}).items()}
