"""Stream records that broadcast gave up: where they are is logged, and somebody is alarmed."""

from closedloop.realtime.handlers import fanout

handler = fanout.discarded("broadcast_failed")
