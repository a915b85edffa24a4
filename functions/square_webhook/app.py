"""POST /api/webhooks/square: the job of a booking is as Square says, at once and in any order."""

from closedloop.square.handlers import webhook

handler = webhook.handler("square_webhook")
