"""POST /api/bookings/reschedule: a visit moves to another time in one step, or stays."""

from closedloop.bookings.staff import Reschedule, reschedule
from closedloop.edge import http

handler = http.action("reschedule_booking", Reschedule, roles={"owner", "manager", "staff"})(
    reschedule
)
