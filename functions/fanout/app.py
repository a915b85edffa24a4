"""The queue Fanout: what a large org's connections are told, a message for up to 200 of them."""

from closedloop.realtime.handlers import fanout

handler = fanout.fanout("fanout")
