"""POST /api/contacts: somebody is written down, once for each number."""

from closedloop.edge import http
from closedloop.people.create import CreateContact, create_contact

handler = http.action("create_contact", CreateContact, roles={"owner", "manager", "staff"})(
    create_contact
)
