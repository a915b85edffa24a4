"""The stream of Jobs: the file of each photo that was removed leaves the bucket."""

from closedloop.jobs.handlers import forget

handler = forget.forgetter("forget_photos")
