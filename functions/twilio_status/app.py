"""POST /api/webhooks/twilio/status: keeps a text's status, in any order of Twilio's reports."""

from closedloop.texts.handlers import webhook

handler = webhook.twilio("twilio_status", webhook.status)
