"""POST /api/vapi/tools/booking/check-availability: free times, as an agent can say them."""

from closedloop.voice.availability import CheckAvailability, check_availability
from closedloop.voice.handlers.platform import tool

handler = tool("check_availability", CheckAvailability, check_availability, changes=False)
