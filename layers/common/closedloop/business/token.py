"""The edge of Cognito's pre-token-generation trigger (version 2)."""

from __future__ import annotations

from typing import Any


def pre_token_generation(event: dict[str, Any], _: object = None) -> dict[str, Any]:
    """Put the person's org and email into the access token, which has neither by itself.

    Groups are in it already. Without an org the token carries none and the API answers 403.
    """
    attributes = event["request"]["userAttributes"]
    claims = {name: attributes[name] for name in ("custom:org_id", "email") if attributes.get(name)}
    event["response"] = {
        "claimsAndScopeOverrideDetails": {
            "accessTokenGeneration": {"claimsToAddOrOverride": claims},
        }
    }
    return event
