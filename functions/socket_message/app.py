"""subscribe, unsubscribe, ping and anything else that a client sends over its socket."""

from closedloop.realtime.handlers import socket

handler = socket.route("socket_message", socket.message)
