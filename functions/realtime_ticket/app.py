"""POST /api/realtime/ticket: a ticket that opens one socket within 30 seconds.

No business action: it makes no row, so it takes no idempotency key.
"""

from closedloop.realtime.handlers import ticket

handler = ticket.issuer("realtime_ticket")
