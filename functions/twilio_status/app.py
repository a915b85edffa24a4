"""POST /api/webhooks/twilio/status: what becomes of a text, in whatever order Twilio says it."""

from closedloop.texts.handlers import webhook

handler = webhook.twilio("twilio_status", webhook.status)
