"""A seller's catalog: the services that are booked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.sandbox.square.shapes import not_found

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local.sandbox.square.clock import Clock

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Service:
    """An item of the catalog with its one variation."""

    item_id: str
    variation_id: str
    name: str
    minutes: int
    cents: int
    variation: str = "Regular"


class Catalog:
    """Items and their variations, as the API sends them, by id."""

    def __init__(self, clock: Clock) -> None:
        self.objects: dict[str, Record] = {}
        self._clock = clock

    def offer(self, services: Sequence[Service]) -> None:
        """Put services in."""
        for each in services:
            self._put(each.item_id, "ITEM", "item_data", _item(each))
            self._put(each.variation_id, "ITEM_VARIATION", "item_variation_data", _variation(each))

    def change(self, variation_id: str, fields: Mapping[str, Any]) -> Record:
        """Change a service's `name` or `price_cents`, or take it off with `is_deleted`.

        Raises:
            RefusedError: there is none.
        """
        variation = self.objects.get(variation_id)
        if variation is None or variation["type"] != "ITEM_VARIATION":
            raise not_found("Service", variation_id)
        item = self.objects[variation["item_variation_data"]["item_id"]]
        if "name" in fields:
            item["item_data"]["name"] = str(fields["name"])
        if "price_cents" in fields:
            variation["item_variation_data"]["price_money"]["amount"] = int(fields["price_cents"])
        for each in (item, variation):
            each["is_deleted"] = bool(fields.get("is_deleted", each["is_deleted"]))
            each["version"] += 1
        return variation

    def found(
        self, ids: Sequence[str], *, related: bool, deleted: bool
    ) -> tuple[list[Record], list[Record]]:
        """Objects by id, and the items that they are variations of."""
        known = {
            name: one for name, one in self.objects.items() if deleted or not one["is_deleted"]
        }
        objects = [known[each] for each in ids if each in known]
        items = {
            item_id: known[item_id]
            for each in objects
            if (item_id := each.get("item_variation_data", {}).get("item_id")) in known
        }
        return objects, list(items.values()) if related else []

    def usual_segments(self) -> list[Record]:
        """What is booked where nothing is said: the first service there is."""
        variations = [one for one in self.objects.values() if one["type"] == "ITEM_VARIATION"]
        return [segment(each) for each in variations[:1]]

    def _put(self, object_id: str, kind: str, name: str, data: Record) -> None:
        self.objects[object_id] = {
            "type": kind,
            "id": object_id,
            "version": int(self._clock.now().timestamp() * 1000),
            "is_deleted": False,
            "present_at_all_locations": True,
            name: data,
        }


def segment(variation: Record) -> Record:
    """The segment of a booking by which a service is done."""
    return {
        "duration_minutes": variation["item_variation_data"]["service_duration"] // 60_000,
        "service_variation_id": variation["id"],
        "service_variation_version": variation["version"],
        "team_member_id": "TM-1",
        "any_team_member": False,
        "intermission_minutes": 0,
    }


def _item(service: Service) -> Record:
    return {"name": service.name, "product_type": "APPOINTMENTS_SERVICE"}


def _variation(service: Service) -> Record:
    return {
        "item_id": service.item_id,
        "name": service.variation,
        "pricing_type": "FIXED_PRICING",
        "price_money": {"amount": service.cents, "currency": "USD"},
        "service_duration": service.minutes * 60_000,
        "available_for_booking": True,
        "team_member_ids": ["TM-1"],
    }
