"""The queue Fanout: posts the announcements of a large org, or of a burst, to its connections."""

from closedloop.realtime.handlers import fanout

handler = fanout.fanout("fanout")
