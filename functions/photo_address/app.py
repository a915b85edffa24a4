"""GET /api/jobs/{id}/photos/{photoId}: where one photo is read, for some minutes."""

from closedloop.edge import reads
from closedloop.jobs.handlers import addresses
from closedloop.jobs.photos import PhotoById

handler = reads.api({"GET /api/jobs/{id}/photos/{photoId}": (PhotoById, addresses.photo)})
