"""The stream of sms_logs: each text that became ready is put into the queue Sms."""

from closedloop.edge import outbox

handler = outbox.dispatcher("dispatch_sms")
