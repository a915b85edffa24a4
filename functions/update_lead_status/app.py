"""POST /api/leads/update-status: move one lead or up to 500, each once."""

from closedloop.edge import http
from closedloop.people.leads import UpdateLeadStatus, update_status

handler = http.action("update_lead_status", UpdateLeadStatus, roles={"owner", "manager", "staff"})(
    update_status
)
