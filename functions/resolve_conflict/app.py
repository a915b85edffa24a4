"""POST /api/conflicts/{id}/resolve: the job keeps the value that a person has chosen."""

from closedloop.edge import http
from closedloop.square.conflicts import ResolveConflict, resolve

handler = http.action("resolve_conflict", ResolveConflict, roles={"owner", "manager", "staff"})(
    resolve
)
