"""POST /api/jobs/{id}/photos: a place for one photo, and the form that uploads it."""

from closedloop.edge import http
from closedloop.jobs.handlers import addresses
from closedloop.jobs.photos import AddPhoto

handler = http.action("add_photo", AddPhoto, roles={"owner", "manager", "staff"})(addresses.add)
