"""POST /api/bookings/confirm: a pending appointment becomes confirmed, once."""

from closedloop.bookings.appointments import ConfirmBooking, confirm
from closedloop.edge import http

handler = http.action("confirm_booking", ConfirmBooking, roles={"owner", "manager", "staff"})(
    confirm
)
