"""$disconnect of the socket API: the connection is forgotten. Best effort, as the gateway's own."""

from closedloop.realtime.handlers import socket

handler = socket.route("socket_disconnect", socket.disconnect)
