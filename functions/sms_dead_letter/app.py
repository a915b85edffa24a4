"""The queue SmsDeadLetters: marks a text that the queue gave up as failed, to be resent by hand."""

from closedloop.texts.handlers import worker

handler = worker.closer("sms_dead_letter")
