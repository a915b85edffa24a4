"""The defaults of the house: what holds where a business has decided nothing. Each stands once.

A setting that is absent has the default of today, not that of the day on which the business began.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.core.rows import Row

DEFAULTS: Mapping[str, Any] = {
    "address": "",
    "breaks": {day: [] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
    "days_off": [],
    "slot_minutes": 30,
    "lead_minutes": 60,
    "horizon_days": 60,
    "cancel_notice_minutes": 0,
    "limits": {
        "sms_per_person": 5,
        "sms_per_person_minutes": 10,
        "holds_per_phone": 2,
        "holds_per_hour": 20,
        "codes_per_day": 200,
    },
    "sms_budget_per_day": 1000,
    "quiet_hours": {"from": "21:00", "to": "08:00"},
    "templates": {},
    "texts": {"work_completed": False},
    "sms_help": None,
    "sms_answers": {"confirm": "C", "cancel": "X"},
    "code_length": 4,
}
"""By setting. `text_countries` has one too, which follows from the business's own number."""


def setting(settings: Row, name: str) -> Any:
    """What holds of a setting; in one that has parts, each part that is absent has its default."""
    stored, default = settings.get(name), DEFAULTS[name]
    if isinstance(default, dict):
        return {**default, **(stored or {})}
    return default if stored is None else stored
