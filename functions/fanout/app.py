"""The queue Fanout: what a large org, or a burst, tells its connections; many to a message."""

from closedloop.realtime.handlers import fanout

handler = fanout.fanout("fanout")
