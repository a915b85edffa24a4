"""POST /api/contacts/{id}/call-back: requests one call-back, once."""

from closedloop.edge import http
from closedloop.people.call_back import CallBack, call_back

handler = http.action("call_back", CallBack, roles={"owner", "manager", "staff"})(call_back)
