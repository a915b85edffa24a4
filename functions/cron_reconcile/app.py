"""GET, POST /api/cron/reconcile: a reconciliation by hand, for whoever has the secret."""

from closedloop.square.handlers import cron

handler = cron.Cron("cron_reconcile")
