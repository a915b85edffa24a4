"""POST /api/contacts/{id}/sms: a text to a contact is accepted, once, and sent by the worker."""

from closedloop.edge import http
from closedloop.texts.compose import SendContactSms, send_to_contact

handler = http.action("send_contact_sms", SendContactSms, roles={"owner", "manager", "staff"})(
    send_to_contact
)
