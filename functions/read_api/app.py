"""GET /api/...: the reads of the dashboard. Nothing is written."""

from closedloop import changes, people, text_views, views
from closedloop.edge import reads

handler = reads.api(
    {
        "GET /api/me": (views.Me, views.me),
        "GET /api/appointments": (views.Appointments, views.appointments),
        "GET /api/contacts": (people.Contacts, people.contacts),
        "GET /api/contacts/{id}": (people.Contact, people.contact),
        "GET /api/leads": (people.Leads, people.leads),
        "GET /api/leads/{id}": (people.Lead, people.lead),
        "GET /api/changes": (changes.Changes, changes.changes),
        "GET /api/audit": (views.Audit, views.audit),
        "GET /api/contacts/{id}/sms-history": (
            text_views.ContactHistory,
            text_views.contact_history,
        ),
        "GET /api/leads/{leadId}/sms-history": (text_views.LeadHistory, text_views.lead_history),
        "GET /api/sms/failed": (text_views.Failed, text_views.failed),
        "GET /api/system/breakers": (text_views.Breakers, text_views.breakers),
        "GET /api/templates": (text_views.Templates, text_views.all_templates),
    }
)
