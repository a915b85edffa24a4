"""POST /api/webhooks/twilio/inbound: a customer's text is kept, once, and does what it says."""

from closedloop.texts.handlers import webhook

handler = webhook.twilio("twilio_inbound", webhook.inbound)
