"""POST /api/vapi/tools/booking/verify-otp: the right code books the hold, once."""

from closedloop.voice.handlers.platform import tool
from closedloop.voice.verifying import VerifyOtp, verify_otp

handler = tool("verify_otp", VerifyOtp, verify_otp)
