"""The stream of sms_logs: each text that became ready is put into the queue Sms."""

from closedloop.texts.handlers import dispatch

handler = dispatch.dispatcher("dispatch_sms")
