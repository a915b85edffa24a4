"""Twilio, its credentials and the queue of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop import wiring

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from closedloop.dynamo.breaker import Breaker
    from closedloop.texts.clients.queue import Outbox
    from closedloop.texts.clients.twilio import Twilio


def twilio() -> Twilio:
    """The account that sends texts. Built for each use: the secret may have changed."""
    from closedloop.texts.clients.twilio import Twilio

    secret = credentials()
    return Twilio(wiring.setting("TWILIO_BASE_URL"), secret["account_sid"], secret["auth_token"])


def credentials() -> Mapping[str, Any]:
    """What is shared with Twilio: `account_sid`, `auth_token` and `shared_keys`."""
    return wiring.secret("TWILIO_SECRET_ARN").read()


def signed_by_twilio(
    url: str, params: Sequence[tuple[str, str]], headers: Mapping[str, str]
) -> bool:
    """Whether a request carries a signature of Twilio's."""
    from closedloop.texts.clients.signature import genuine

    return genuine(url, params, headers, credentials())


def code_key() -> dict[str, Any]:
    """What codes are worked out with: `key`."""
    return {"key": wiring.secret("VOICE_SECRET_ARN").read()["code_key"]}


def breaker() -> Breaker:
    """The breaker before Twilio."""
    return wiring.breaker("twilio")


@wiring.built
def outbox() -> Outbox:
    """The queues of texts that are to be sent."""
    from closedloop.texts.clients.queue import outbox

    return outbox(wiring.setting("SMS_QUEUE_URL"), wiring.setting("SMS_MARKETING_QUEUE_URL"))
