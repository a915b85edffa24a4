"""Stream records that broadcast gave up on: logs their position; an alarm fires."""

from closedloop.realtime.handlers import fanout

handler = fanout.discarded("broadcast_failed")
