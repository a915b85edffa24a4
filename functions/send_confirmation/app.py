"""POST /api/vapi/tools/booking/send-confirmation: the visit by text, once for each agreed time."""

from closedloop.voice.confirming import SendConfirmation, send_confirmation
from closedloop.voice.handlers.platform import tool

handler = tool("send_confirmation", SendConfirmation, send_confirmation)
