"""POST /api/leads/send-sms: a text to a lead is accepted, once, and sent by the worker."""

from closedloop.edge import http
from closedloop.texts.compose import SendLeadSms, send_to_lead

handler = http.action("send_lead_sms", SendLeadSms, roles={"owner", "manager", "staff"})(
    send_to_lead
)
