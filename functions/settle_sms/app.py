"""Every minute: looks up texts with an unknown result at Twilio, and releases held ones."""

from closedloop.texts.handlers import settle

handler = settle.settler("settle_sms")
