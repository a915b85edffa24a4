"""Stream records that broadcast gave up: where they are is logged, and somebody is alarmed."""

from closedloop.edge import queue

handler = queue.discarded("broadcast_failed")
