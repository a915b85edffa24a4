"""The queue Reconcile: takes one org's run as far as the time reaches, or reads one booking."""

from closedloop.square.handlers import reconcile

handler = reconcile.worker("reconcile_org")
