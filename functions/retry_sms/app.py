"""POST /api/sms/{id}/retry: a text that failed is sent once more, as its next attempt."""

from closedloop.edge import http
from closedloop.texts.compose import RetrySms, retry

handler = http.action("retry_sms", RetrySms, roles={"owner", "manager"})(retry)
