"""PATCH /api/leads/{id}: fields of a lead are set, beside its status."""

from closedloop.edge import http
from closedloop.people.edit import UpdateLead, update_lead

handler = http.action("update_lead", UpdateLead, roles={"owner", "manager", "staff"})(update_lead)
