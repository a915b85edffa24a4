"""Cognito, before it issues a token: the person's org and email go into the access token."""

from closedloop.business.token import pre_token_generation

handler = pre_token_generation
