"""POST /api/vapi/webhook: every tool by its name, and the end of each call."""

from closedloop.voice.handlers.webhook import webhook

handler = webhook("vapi_webhook")
