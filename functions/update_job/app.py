"""PATCH /api/jobs/{id}: what the staff write on a job, once; completed work is told by text."""

from closedloop.edge import http
from closedloop.jobs.update import UpdateJob
from closedloop.texts.work_completed import update

handler = http.action("update_job", UpdateJob, roles={"owner", "manager", "staff"})(update)
