"""Calls of Square's API for one seller: paced, timed, repeated here and nowhere else.

Every call that is made here reads, or renews a token: all of them are safe to repeat.
"""

from __future__ import annotations

import random
import threading
import time
from typing import TYPE_CHECKING, Any, Protocol

import requests

from closedloop.core import deadline
from closedloop.square import errors
from closedloop.square.subscription import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CALLS_A_SECOND = 5.0
"""Square publishes no limit; sellers have met 429 at about six."""

_BURST = 5
_ATTEMPTS = 5
_LONGEST_PAUSE = 30.0
_OK = 200

_sleep = time.sleep


class Token(Protocol):
    """The seller's access token; `fresh` asks for it past any cache."""

    def __call__(self, *, fresh: bool) -> str:
        """The token as it is now."""


class Calls:
    """One seller, or nobody. Several threads may call at once; they share the pace."""

    def __init__(
        self,
        base_url: str,
        token: Token | None,
        *,
        calls_a_second: float = CALLS_A_SECOND,
        until: Callable[[], float] = deadline.until,
    ) -> None:
        self._base_url = base_url
        self._token = token
        self._until = until
        self._pace = _Pace(1 / calls_a_second)
        self._session = requests.Session()
        # No proxy, no netrc: the environment of a function decides nothing about its calls.
        self._session.trust_env = False

    def close(self) -> None:
        """End the connections that are kept."""
        self._session.close()

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What a GET of `path` answers. Raises as `post`."""
        return self._ask("GET", path, params=params)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What a POST of `body` to `path` answers.

        Tried five times at most, with full jitter or for as long as Square asks, and not past the
        deadline: who needs more patience comes back later.

        Raises:
            SquareError: one of its kinds (closedloop/square/errors.py).
        """
        return self._ask("POST", path, body=body)

    def _ask(self, method: str, path: str, **what: Any) -> dict[str, Any]:
        until = self._until()
        for attempt in range(_ATTEMPTS):
            try:
                return self._authorised(until, method, path, **what)
            except (errors.SquareRateLimitedError, errors.SquareUnavailableError) as trouble:
                pause = _pause(trouble, attempt)
                if attempt == _ATTEMPTS - 1 or time.monotonic() + pause >= until:
                    raise
                _sleep(pause)
        raise AssertionError  # the last attempt returns or raises

    def _authorised(self, until: float, *call: Any, **what: Any) -> dict[str, Any]:
        """With the token as cached, then as it is: another function may have renewed it."""
        if self._token is None:
            return self._once(until, None, *call, **what)
        known = self._token(fresh=False)
        try:
            return self._once(until, known, *call, **what)
        except errors.SquareUnauthorizedError:
            token = self._token(fresh=True)
            if token == known:
                raise
        return self._once(until, token, *call, **what)

    def _once(
        self,
        until: float,
        token: str | None,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        self._pace.wait()
        left = max(0.1, until - time.monotonic())
        try:
            answer = self._session.request(
                method,
                self._base_url + path,
                params=params,
                json=body,
                headers={"Square-Version": VERSION}
                | ({"Authorization": f"Bearer {token}"} if token else {}),
                timeout=(min(2.0, left), min(5.0, left)),
                allow_redirects=False,
            )
        except requests.RequestException as lost:
            raise errors.SquareUnavailableError from lost
        return _read(answer)


class _Pace:
    """So many seconds between calls on the average, a few of them at once."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._free_at = float("-inf")  # a machine's monotonic clock may have begun a moment ago
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Returns when it is this call's turn."""
        with self._lock:
            now = time.monotonic()
            turn = max(self._free_at, now - _BURST * self._seconds)
            self._free_at = turn + self._seconds
        if turn > now:
            _sleep(turn - now)


def _pause(trouble: errors.SquareError, attempt: int) -> float:
    jitter = random.uniform(0, min(_LONGEST_PAUSE, 2.0**attempt))  # noqa: S311 - no secret
    asked = trouble.retry_after if isinstance(trouble, errors.SquareRateLimitedError) else 0
    return asked + jitter if asked else jitter


def _read(answer: requests.Response) -> dict[str, Any]:
    fields = _fields(answer)
    if answer.status_code == _OK and fields is not None and not fields.get("errors"):
        return fields
    raise _error(answer, fields or {})


def _fields(answer: requests.Response) -> dict[str, Any] | None:
    try:
        fields = answer.json()
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None


def _error(answer: requests.Response, fields: Mapping[str, Any]) -> errors.SquareError:
    listed = fields.get("errors")
    named = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    first = named[0] if named else {}
    code, status = str(first.get("code") or ""), answer.status_code
    if any(each.get("field") == "cursor" for each in named) or code == "INVALID_CURSOR":
        return errors.SquareBadCursorError(code, status)
    kind = errors.BY_CODE.get(code) or errors.BY_STATUS.get(status)
    if kind is None:
        server = status >= 500  # noqa: PLR2004 - HTTP's own
        kind = errors.SquareUnavailableError if server else errors.SquareUnexpectedError
    found = kind(code, status)
    if isinstance(found, errors.SquareRateLimitedError):
        found.retry_after = _retry_after(answer)
    return found


def _retry_after(answer: requests.Response) -> float:
    """Seconds. Square sends whole ones; whatever else stands there counts as one."""
    text = answer.headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdigit() else 0.0
