"""POST /api/reconcile: a reconciliation is asked for, once."""

from closedloop.edge import http
from closedloop.square.runs import StartReconcile, start

handler = http.action("start_reconcile", StartReconcile, roles={"owner", "manager"})(start)
