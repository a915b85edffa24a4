"""The stream of Reconcile: a run that somebody has asked for goes into the queue."""

from closedloop.square.handlers import schedule

handler = schedule.dispatcher("reconcile_requested")
