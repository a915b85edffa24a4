"""POST /api/contacts/{id}/call-back: one call is asked for, once."""

from closedloop.calls import CallBack, call_back
from closedloop.edge import http

handler = http.action("call_back", CallBack)(call_back)
