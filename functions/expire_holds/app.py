"""Every minute: holds that have lapsed are freed and announced."""

from closedloop.bookings.handlers import sweep

handler = sweep.sweeper("expire_holds")
