"""POST /api/bookings/cancel: a visit is called off and its time is free again."""

from closedloop.bookings.appointments import Cancel, cancel_booking
from closedloop.edge import http

handler = http.action("cancel_booking", Cancel, roles={"owner", "manager", "staff"})(cancel_booking)
