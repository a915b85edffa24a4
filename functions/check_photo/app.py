"""The queue of uploads, from the bucket: each file is checked and shown on its job, or refused."""

from closedloop.jobs.handlers import check

handler = check.checker("check_photo")
