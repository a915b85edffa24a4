"""PATCH /api/contacts/{id}: mark as booked, mark as lost, or change a contact's other fields."""

from closedloop.edge import http
from closedloop.people.contacts import UpdateContact, update

handler = http.action("update_contact", UpdateContact, roles={"owner", "manager", "staff"})(update)
