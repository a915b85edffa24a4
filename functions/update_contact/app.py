"""PATCH /api/contacts/{id}: mark as booked, mark as lost, or change a contact's other fields."""

from closedloop.contacts import UpdateContact, update
from closedloop.edge import http

handler = http.action("update_contact", UpdateContact)(update)
