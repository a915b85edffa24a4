"""$connect of the socket API: a ticket opens one socket, for the org that it was issued to."""

from closedloop.realtime.handlers import socket

handler = socket.route("socket_connect", socket.connect)
