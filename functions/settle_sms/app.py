"""Every minute: texts whose end is not known are looked up at Twilio, held ones go on."""

from closedloop.edge import schedule

handler = schedule.settler("settle_sms")
