"""GET /api/...: the reads of the dashboard. Nothing is written."""

from closedloop.bookings import calendar
from closedloop.bookings import views as bookings
from closedloop.business import audit, me, settings
from closedloop.edge import reads
from closedloop.jobs import views as jobs
from closedloop.people import calls
from closedloop.people import views as people
from closedloop.realtime import catch_up
from closedloop.square import views as square
from closedloop.texts import breakers, threads
from closedloop.texts import views as texts

handler = reads.api(
    {
        "GET /api/me": (me.Me, me.me),
        "GET /api/appointments": (bookings.Appointments, bookings.appointments),
        "GET /api/calendar": (calendar.Calendar, calendar.calendar),
        "GET /api/calls": (calls.Calls, calls.calls),
        "GET /api/settings": (settings.Settings, settings.settings),
        "GET /api/contacts": (people.Contacts, people.contacts),
        "GET /api/contacts/{id}": (people.ContactById, people.contact),
        "GET /api/leads": (people.Leads, people.leads),
        "GET /api/leads/{id}": (people.LeadById, people.lead),
        "GET /api/jobs": (jobs.Jobs, jobs.jobs),
        "GET /api/jobs/{id}": (jobs.JobById, jobs.job),
        "GET /api/changes": (catch_up.Changes, catch_up.changes),
        "GET /api/audit": (audit.Audit, audit.audit),
        "GET /api/contacts/{id}/sms-history": (texts.ContactHistory, texts.contact_history),
        "GET /api/leads/{leadId}/sms-history": (texts.LeadHistory, texts.lead_history),
        "GET /api/sms/failed": (texts.Failed, texts.failed),
        "GET /api/sms/threads": (threads.Threads, threads.threads),
        "GET /api/conflicts": (square.Conflicts, square.all_conflicts),
        "GET /api/reconcile/runs": (square.Runs, square.all_runs),
        "GET /api/reconcile/runs/{id}": (square.RunById, square.run),
        "GET /api/system/breakers": (breakers.Breakers, breakers.breakers),
        "GET /api/templates": (texts.Templates, texts.all_templates),
    }
)
