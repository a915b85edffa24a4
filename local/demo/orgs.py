"""The two businesses of the demo data: an auto detailer and a clinic."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

Hours = dict[str, list[list[str]]]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Service:
    """What a business sells by appointment."""

    id: str
    name: str
    duration_minutes: int
    buffer_after_minutes: int
    price_cents: int

    def stored(self) -> dict[str, Any]:
        """As the org's settings keep it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Org:
    """A business and what its rows are made from. `area_code` is that of its customers."""

    id: str
    name: str
    kind: str
    time_zone: str
    phone: str
    address: str
    area_code: str
    resources: tuple[str, ...]
    opening_hours: Hours
    services: tuple[Service, ...]
    wishes: tuple[str, ...]

    def settings(self) -> dict[str, Any]:
        """The fields of its settings row, without the common ones."""
        return {
            "name": self.name,
            "kind": self.kind,
            "time_zone": self.time_zone,
            "phone": self.phone,
            "sms_number": self.phone,
            "address": self.address,
            "locale": "en",
            "currency": "USD",
            "opening_hours": self.opening_hours,
            "days_off": [],
            "breaks": {},
            "services": [service.stored() for service in self.services],
            "resources": [
                {"id": each, "name": each.replace("-", " ").capitalize(), "capacity": 1}
                for each in self.resources
            ],
            "slot_minutes": 30,
            "lead_minutes": 60,
            "horizon_days": 60,
        }


DETAILER = Org(
    id="demo",
    name="Bright Finish Auto Detailing",
    kind="auto_detailing",
    time_zone="America/Chicago",
    phone="+13125550100",
    address="1840 W Fulton St, Chicago, IL 60612",
    area_code="312",
    resources=("bay-1", "bay-2", "bay-3"),
    opening_hours={
        **{day: [["08:00", "18:00"]] for day in WEEKDAYS[:5]},
        "sat": [["09:00", "15:00"]],
        "sun": [],
    },
    services=(
        Service("svc_wash", "Hand wash and wax", 60, 15, 8900),
        Service("svc_interior", "Interior detail", 120, 15, 17900),
        Service("svc_full", "Full detail", 240, 30, 32900),
        Service("svc_ceramic", "Ceramic coating", 480, 30, 119900),
        Service("svc_headlights", "Headlight restoration", 45, 15, 9900),
    ),
    wishes=(
        "Dog hair on the back seats.",
        "Please go easy on the tire shine.",
        "Needs it before a wedding.",
        "Key is with the front desk.",
        "Small scratch on the left door, look at it first.",
    ),
)

CLINIC = Org(
    id="other",
    name="Cedar Hill Family Clinic",
    kind="clinic",
    time_zone="America/New_York",
    phone="+12125550100",
    address="27 Cedar Hill Ave, New York, NY 10023",
    area_code="212",
    resources=("room-1", "room-2", "room-3", "room-4"),
    opening_hours={
        **{day: [["08:30", "12:00"], ["13:00", "17:00"]] for day in WEEKDAYS[:5]},
        "sat": [],
        "sun": [],
    },
    services=(
        Service("svc_checkup", "Annual check-up", 45, 10, 18500),
        Service("svc_consult", "Consultation", 30, 5, 12000),
        Service("svc_vaccine", "Vaccination", 15, 5, 4500),
        Service("svc_labs", "Blood tests", 15, 5, 6500),
        Service("svc_physio", "Physiotherapy", 60, 10, 14000),
    ),
    wishes=(
        "Prefers a morning.",
        "Brings a child along.",
        "Needs step-free access.",
        "Asked for the results by phone.",
        "First visit.",
    ),
)

ORGS = (DETAILER, CLINIC)
