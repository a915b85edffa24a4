"""The tables whose rows the screens of an org show and follow."""

from __future__ import annotations

from typing import Literal, get_args

Table = Literal[
    "appointment_holds", "appointments", "calls", "contacts", "jobs", "leads", "sms_logs"
]
"""To add one: name it here and add its stream to the events of `broadcast` in the template."""

TABLES: tuple[Table, ...] = get_args(Table)
