"""GET /api/...: the reads of the dashboard. Nothing is written."""

from closedloop import changes, views
from closedloop.edge import reads

handler = reads.api(
    {
        "GET /api/me": (views.Me, views.me),
        "GET /api/appointments": (views.Appointments, views.appointments),
        "GET /api/changes": (changes.Changes, changes.changes),
        "GET /api/audit": (views.Audit, views.audit),
    }
)
