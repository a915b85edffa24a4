"""POST /api/bookings/no-show: nobody came."""

from closedloop.bookings.appointments import Close, no_show
from closedloop.edge import http

handler = http.action("no_show_booking", Close, roles={"owner", "manager", "staff"})(no_show)
