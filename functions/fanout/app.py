"""The queue Fanout: what a large org's connections are told, a message for up to 200 of them."""

from closedloop.edge import queue

handler = queue.fanout("fanout")
