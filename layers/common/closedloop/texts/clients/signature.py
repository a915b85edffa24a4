"""Whether a request is Twilio's own, by the signature that it carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twilio.request_validator import HMAC_SHA256, RequestValidator, get_signature_algorithm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SIGNATURE = "x-twilio-signature"
_SETTINGS = "x-twilio-webhooks-signature-settings"


class _Form(dict[str, list[str]]):
    """Parameters as the validator expects them: a repeated one as a list."""

    def getlist(self, name: str) -> list[str]:
        """All values of a parameter."""
        return self[name]


def genuine(
    url: str,
    params: Sequence[tuple[str, str]],
    headers: Mapping[str, str],
    credentials: Mapping[str, Any],
) -> bool:
    """Whether the parameters, as they came, and the address carry a signature of ours.

    By the account's auth token, by the `previous_auth_token` where the stack's secret still holds
    one (docs/runbook.md), or by a shared key that the settings header names and the secret holds.
    Which one is never the sender's choice alone: a key that is unknown fits nothing.
    """
    form = _Form()
    for name, text in params:
        form.setdefault(name, []).append(text)
    settings = headers.get(_SETTINGS, "")
    secrets, algorithm = [credentials["auth_token"], credentials.get("previous_auth_token")], None
    if settings:
        named = dict(part.strip().partition("=")[::2] for part in settings.split(","))
        secrets = [credentials.get("shared_keys", {}).get(named.get("key"))]
        algorithm = get_signature_algorithm(settings)
        if algorithm != HMAC_SHA256:
            return False
    signature = headers.get(_SIGNATURE, "")
    # An empty secret would make a signature that anybody can make.
    known = [str(each) for each in secrets if each]
    return any(RequestValidator(each).validate(url, form, signature, algorithm) for each in known)
