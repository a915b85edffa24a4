"""POST /api/leads/{id}/update-status: move one lead, once."""

from closedloop.edge import http
from closedloop.people.leads import UpdateOneLeadStatus, update_one_status

handler = http.action(
    "update_one_lead_status", UpdateOneLeadStatus, roles={"owner", "manager", "staff"}
)(update_one_status)
