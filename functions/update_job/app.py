"""PATCH /api/jobs/{id}: what the staff write on a job, once."""

from closedloop.edge import http
from closedloop.jobs.update import UpdateJob, update

handler = http.action("update_job", UpdateJob, roles={"owner", "manager", "staff"})(update)
