"""The local stack's identity provider: RS256 tokens with the claims that Cognito would issue."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from pathlib import Path

    from local.people import Person

AUDIENCE = "closedloop-local"
LIFETIME = 30 * 24 * 3600


class Issuer:
    """Signs tokens as `url`, with the key kept in `key_file`, which is made when it is missing."""

    def __init__(self, url: str, key_file: Path) -> None:
        self.url = url
        self._key = _load_or_make(key_file)
        public = self._key.public_key().public_numbers()
        self._kid = hashlib.sha256(str(public.n).encode()).hexdigest()[:16]

    def token(self, person: Person, **claims: Any) -> str:
        """A token of this person, valid for 30 days.

        `claims` replace those it would carry (`exp=0` for an expired one, `aud="other"` for a
        wrong audience); None leaves a claim out.
        """
        now = int(time.time())
        carried = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": person.id,
            "email": person.email,
            "custom:org_id": person.org_id,
            "cognito:groups": [person.role],
            "token_use": "access",
            "iat": now,
            "exp": now + LIFETIME,
        }
        kept = {name: value for name, value in (carried | claims).items() if value is not None}
        return jwt.encode(kept, self._key, algorithm="RS256", headers={"kid": self._kid})

    def configuration(self) -> dict[str, Any]:
        """What `/.well-known/openid-configuration` answers."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/.well-known/jwks.json",
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["token"],
            "subject_types_supported": ["public"],
        }

    def keys(self) -> dict[str, Any]:
        """What `/.well-known/jwks.json` answers: the public key."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [public | {"kid": self._kid, "use": "sig", "alg": "RS256"}]}


def _load_or_make(key_file: Path) -> rsa.RSAPrivateKey:
    if not key_file.exists():
        key_file.parent.mkdir(parents=True, exist_ok=True)
        key_file.touch(mode=0o600)
        key_file.write_bytes(_new_key())
    key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        message = f"{key_file} holds no RSA key."
        raise TypeError(message)
    return key


def _new_key() -> bytes:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
