"""POST /api/jobs/{id}/photos/{photoId}/remove: a photo is taken off its job, once."""

from closedloop.edge import http
from closedloop.jobs.removal import RemovePhoto, remove

handler = http.action("remove_photo", RemovePhoto, roles={"owner", "manager", "staff"})(remove)
