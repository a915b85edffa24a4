"""POST /api/bookings/complete: a visit took place."""

from closedloop.bookings.appointments import Close, complete
from closedloop.edge import http

handler = http.action("complete_booking", Close, roles={"owner", "manager", "staff"})(complete)
