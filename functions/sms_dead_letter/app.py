"""The queue SmsDeadLetters: a text that the queue gave up is failed, for a person to send again."""

from closedloop.texts.handlers import worker

handler = worker.closer("sms_dead_letter")
