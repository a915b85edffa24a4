"""The streams of all rows: each committed change is told to the sockets of its org, in order."""

from closedloop.edge import stream

handler = stream.announcer("broadcast")
