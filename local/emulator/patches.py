"""What is changed in the emulator's own code, in its process, before it listens."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from typing import Any

from ministack import app
from ministack.core import lambda_runtime
from ministack.services import apigateway, dynamodb, lambda_svc, sts

from local.emulator import guard


def apply(supervisor: socket.socket, secret: str) -> None:
    """All of it. `supervisor` is told the name of each table that changed."""
    host = f"{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"
    app.app = guard.Guard(app.app, host, secret, _issued_tokens())
    _give_functions_tokens(secret)
    _announce_changes(supervisor)
    _keep_lifecycle_routes()


def _issued_tokens() -> dict[str, str]:
    """By access key, what STS issues from now on. Random, and only who was let in can ask."""
    register, issued = sts.register_session, {}

    def register_and_note(access_key: str, session: dict[str, Any]) -> None:
        register(access_key, session)
        # A function's session comes this way, too; it is made up from names, and never expires.
        if "Expiration" in session:
            issued[access_key] = session["SessionToken"]

    sts.register_session = register_and_note
    return issued


def _give_functions_tokens(secret: str) -> None:
    """A function's session token is the one that the guard expects of its key.

    The emulator's own can be worked out from the names of function and role.
    """
    make, made, turn = lambda_runtime.execution_credentials, {}, threading.Lock()

    def credentials(config: dict[str, Any]) -> dict[str, str]:
        name = (config.get("FunctionArn"), config.get("Role"))
        # Once for each function: a second session would for a moment refuse the first one's token.
        with turn:
            if name not in made:
                found = make(config)
                key = found["AWS_ACCESS_KEY_ID"]
                found["AWS_SESSION_TOKEN"] = guard.token(secret, key)
                sts._sessions[key]["SessionToken"] = found["AWS_SESSION_TOKEN"]  # noqa: SLF001 - no other way
                made[name] = found
            return dict(made[name])

    lambda_runtime.execution_credentials = lambda_svc.execution_credentials = credentials


def _announce_changes(supervisor: socket.socket) -> None:
    """Each committed change of a table with a stream is told, so that nobody has to poll."""
    emit = dynamodb._emit_stream_event  # noqa: SLF001 - the one place where all changes pass

    def emit_and_tell(table_name: str, *args: Any, **kwargs: Any) -> None:
        emit(table_name, *args, **kwargs)
        # A full socket means that the supervisor has news to read already.
        with contextlib.suppress(OSError):
            supervisor.send(f"{table_name}\n".encode(), socket.MSG_DONTWAIT)

    dynamodb._emit_stream_event = emit_and_tell  # noqa: SLF001 - see above


def _keep_lifecycle_routes() -> None:
    """No message chooses a route with a dollar sign: opening and closing are the gateway's own."""
    select = apigateway._evaluate_route_selection  # noqa: SLF001 - where a message finds its route

    def select_ordinary(expression: str, message: str) -> str:
        key = select(expression, message)
        return "$default" if key.startswith("$") else key

    apigateway._evaluate_route_selection = select_ordinary  # noqa: SLF001 - see above
