"""POST /api/vapi/tools/booking/send-otp: a code goes to the number of a hold, by text."""

from closedloop.voice.handlers.platform import tool
from closedloop.voice.sending import SendOtp, send_otp

handler = tool("send_otp", SendOtp, send_otp)
