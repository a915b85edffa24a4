"""The queue Sms: claims a text, hands it to Twilio, and stores the result."""

from closedloop.texts.handlers import worker

handler = worker.sender("send_sms")
