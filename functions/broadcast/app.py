"""The streams of all rows: each committed change is told to the sockets of its org, in order."""

from closedloop.realtime.handlers import announce

handler = announce.announcer("broadcast")
