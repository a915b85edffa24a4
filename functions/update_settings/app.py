"""PATCH /api/settings: settings are changed if the whole makes sense."""

from closedloop.business.settings import UpdateSettings, update
from closedloop.edge import http

handler = http.action("update_settings", UpdateSettings, roles={"owner", "manager"})(update)
