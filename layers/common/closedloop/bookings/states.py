"""The states of an appointment, for rules that only ask whether it is still to come."""

from __future__ import annotations

TABLE = "appointments"

LIVE = ("pending", "confirmed")
"""It is to come."""
