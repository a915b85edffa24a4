"""POST /api/vapi/tools/booking/reserve-atomic: a time is held for 15 minutes, for one alone."""

from closedloop.voice.handlers.platform import tool
from closedloop.voice.reserving import ReserveAtomic, reserve_atomic

handler = tool("reserve_atomic", ReserveAtomic, reserve_atomic)
