"""The adapter to the gateway: how long it waits, what it asks again, what it gives up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from closedloop.core.errors import ServiceUnavailableError
from closedloop.realtime import wiring as realtime
from tests.realtime import gateway as trouble
from tests.support.template import functions, template

if TYPE_CHECKING:
    from tests.realtime.gateway import Gateway

AGAIN = [trouble.busy, trouble.fault, trouble.unreachable, trouble.refused]
each_again = pytest.mark.parametrize("kind", AGAIN, ids=lambda kind: kind.__name__)


def test_a_post_arrives(gateway: Gateway) -> None:
    """Once, as it was sent."""
    assert realtime.sockets().post("c", '{"é": 1}') is True
    assert (gateway.told["c"], gateway.posts) == ([{"é": 1}], 1)


def test_gone_is_no_trouble(gateway: Gateway) -> None:
    """Said at once, for posts and ends."""
    gateway.posting["c"] = gateway.ending["c"] = [trouble.gone]
    assert realtime.sockets().post("c", "{}") is False
    realtime.sockets().end("c")
    assert dict(gateway.requests) == {"POST c": 1, "DELETE c": 1}


@each_again
def test_what_may_pass_is_asked_five_times(gateway: Gateway, kind: Any) -> None:
    """Then it is given up; a fifth time that goes well is as good as a first."""
    gateway.posting["c"] = [kind]
    with pytest.raises(ServiceUnavailableError):
        realtime.sockets().post("c", "{}")
    assert gateway.posts == 5
    gateway.posting["c"] = [kind, kind, kind, kind, trouble.fine]
    assert realtime.sockets().post("c", "{}") is True


@each_again
def test_an_end_is_asked_once(gateway: Gateway, kind: Any) -> None:
    """It follows posts in vain: the gateway has been waited for."""
    gateway.ending["c"] = [kind]
    with pytest.raises(ServiceUnavailableError):
        realtime.sockets().end("c")
    assert gateway.requests["DELETE c"] == 1


@pytest.mark.parametrize("kind", [trouble.forbidden, trouble.silent], ids=["forbidden", "silent"])
def test_what_cannot_pass_is_asked_once(gateway: Gateway, kind: Any) -> None:
    """The function may not do it, or the post hangs: each try would take as long again."""
    gateway.posting["c"] = [kind]
    with pytest.raises(ServiceUnavailableError):
        realtime.sockets().post("c", "{}")
    assert gateway.posts == 1


def test_pauses_grow_with_jitter(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between nothing and 0.1 s, then 0.2, 0.4 and 0.8 s."""
    slept: list[float] = []
    monkeypatch.setattr("closedloop.realtime.clients.gateway.time.sleep", slept.append)
    for _ in range(50):
        gateway.posting["c"] = [trouble.busy]
        with pytest.raises(ServiceUnavailableError):
            realtime.sockets().post("c", "{}")
    assert len(slept) == len(set(slept)) == 200
    for place, most in enumerate((0.1, 0.2, 0.4, 0.8)):
        assert most / 2 < max(slept[place::4]) <= most


def test_the_last_post_ends_before_the_function(gateway: Gateway) -> None:
    """A post that begins at the deadline may wait for all its tries, and then end the socket."""
    config = realtime.sockets()._client.meta.config  # noqa: SLF001 - the one client there is
    assert 5 * config.connect_timeout + 1.5 + config.read_timeout + 3 < 15
    assert config.connect_timeout + config.read_timeout == 3  # of the end that follows
    assert config.max_pool_connections == realtime.SOCKET_THREADS
    assert config.retries["total_max_attempts"] == 1
    for folder in ("broadcast", "fanout"):
        default = template()["Globals"]["Function"]["Timeout"]
        assert functions()[folder].get("Timeout", default) >= 2 * 15
