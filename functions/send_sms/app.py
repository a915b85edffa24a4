"""The queue Sms: a text is claimed, handed to Twilio, and what came of it is kept."""

from closedloop.texts.handlers import worker

handler = worker.sender("send_sms")
