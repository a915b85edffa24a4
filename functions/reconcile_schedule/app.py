"""Every ten minutes: a message for each org that is connected with Square."""

from closedloop.square.handlers import schedule

handler = schedule.scheduler("reconcile_schedule")
