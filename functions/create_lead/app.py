"""POST /api/leads: somebody joins the pipeline, once for each number."""

from closedloop.edge import http
from closedloop.people.create import CreateLead, create_lead

handler = http.action("create_lead", CreateLead, roles={"owner", "manager", "staff"})(create_lead)
