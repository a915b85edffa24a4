"""PATCH /api/calls/{id}: a call that somebody asked for goes on, or ends."""

from closedloop.edge import http
from closedloop.people.calls import UpdateCall, update

handler = http.action("update_call", UpdateCall, roles={"owner", "manager", "staff"})(update)
