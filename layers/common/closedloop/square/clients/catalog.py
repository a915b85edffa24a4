"""What the services of bookings are called, from the seller's catalog."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from closedloop.square.model import Service

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from closedloop.square.clients.calls import Calls

_AT_ONCE = 500
_FRESH_SECONDS = 600
_MINUTE_MS = 60_000


class Catalog:
    """One seller's services, kept for ten minutes."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._kept: dict[str, tuple[float, Service | None]] = {}

    def services(self, variation_ids: Sequence[str]) -> Mapping[str, Service]:
        """By the variation's id; not those that Square does not know any more."""
        now = time.monotonic()
        wanted = [each for each in dict.fromkeys(variation_ids) if each]
        old = [each for each in wanted if self._kept.get(each, (0.0, None))[0] <= now]
        for at in range(0, len(old), _AT_ONCE):
            some = old[at : at + _AT_ONCE]
            read = self._read(some)
            self._kept |= {each: (now + _FRESH_SECONDS, read.get(each)) for each in some}
        kept = {each: self._kept[each][1] for each in wanted}
        return {each: service for each, service in kept.items() if service}

    def _read(self, variation_ids: Sequence[str]) -> dict[str, Service]:
        answer = self._calls.post(
            "/v2/catalog/batch-retrieve",
            {
                "object_ids": variation_ids,
                "include_related_objects": True,
                # A service that is offered no more still has a name.
                "include_deleted_objects": True,
            },
        )
        items = {
            each["id"]: _data(each, "item_data").get("name")
            for each in _objects(answer, "related_objects")
            if each.get("type") == "ITEM"
        }
        return {
            each["id"]: _service(each, items)
            for each in _objects(answer, "objects")
            if each.get("type") == "ITEM_VARIATION"
        }


def _service(found: Mapping[str, Any], items: Mapping[str, Any]) -> Service:
    data = _data(found, "item_variation_data")
    own, item = str(data.get("name") or ""), str(items.get(str(data.get("item_id"))) or "")
    length, price = data.get("service_duration"), _data(data, "price_money").get("amount")
    return Service(
        variation_id=found["id"],
        name=item or own,
        variation_name=own,
        duration_minutes=length // _MINUTE_MS if type(length) is int else None,
        price_cents=price if type(price) is int else None,
        version=found["version"] if type(found.get("version")) is int else None,
    )


def _objects(answer: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    listed = answer.get(name)
    found = listed if isinstance(listed, list) else []
    return [each for each in found if isinstance(each, dict) and isinstance(each.get("id"), str)]


def _data(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = fields.get(name)
    return found if isinstance(found, dict) else {}
