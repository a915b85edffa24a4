"""Every minute: texts whose end is not known are looked up at Twilio, held ones go on."""

from closedloop.texts.handlers import settle

handler = settle.settler("settle_sms")
