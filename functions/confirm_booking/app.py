"""POST /api/bookings/confirm: a pending appointment becomes confirmed, once."""

from closedloop.bookings import ConfirmBooking, confirm
from closedloop.edge import http

handler = http.action("confirm_booking", ConfirmBooking)(confirm)
