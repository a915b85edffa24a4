"""POST /api/bookings: a visit is booked and its cells are taken, once."""

from closedloop.bookings.staff import CreateBooking, create
from closedloop.edge import http

handler = http.action("create_booking", CreateBooking, roles={"owner", "manager", "staff"})(create)
