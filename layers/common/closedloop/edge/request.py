"""One HTTP request of API Gateway (payload 2.0), read and checked."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from closedloop.core.decision import Actor
from closedloop.core.errors import (
    ForbiddenError,
    IdempotencyKeyInvalidError,
    IdempotencyKeyRequiredError,
    PayloadTooLargeError,
    UnauthorizedError,
    UnsupportedMediaTypeError,
    ValidationFailedError,
)
from closedloop.edge import headers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.core.values import FieldError

ROLES = frozenset({"owner", "manager", "staff"})
MAX_BODY_BYTES = 64 * 1024
_KEY = re.compile(r"[\x21-\x7e]{8,128}")
_ORG = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_SUBJECT = 255  # OpenID Connect Core 2

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Request:
    """What came in. Header names are lower case."""

    route: str
    request_id: str
    headers: Mapping[str, str]
    path: Mapping[str, str]
    query: Mapping[str, str]
    claims: Mapping[str, str]
    body: str | None
    base64: bool

    @classmethod
    def read(cls, event: Mapping[str, Any]) -> Request:
        """The event as a request; nothing is checked yet."""
        about = event["requestContext"]
        claims = about.get("authorizer", {}).get("jwt", {}).get("claims", {})
        return cls(
            route=event["routeKey"],
            request_id=about["requestId"],
            headers=headers.lower(event),
            path=event.get("pathParameters") or {},
            query=event.get("queryStringParameters") or {},
            claims=claims,
            body=event.get("body"),
            base64=bool(event.get("isBase64Encoded")),
        )


def actor(request: Request) -> Actor:
    """Who asks, from the verified token alone.

    Raises:
        UnauthorizedError: no verified token.
        ForbiddenError: the account belongs to no business, or its subject is too long.
    """
    subject = request.claims.get("sub")
    if not subject:
        raise UnauthorizedError
    org_id = request.claims.get("custom:org_id", "")
    if not _ORG.fullmatch(org_id):
        raise ForbiddenError("Your account belongs to no business.")
    if len(subject) > _LONGEST_SUBJECT:
        raise ForbiddenError("Your account cannot be used here.")
    # The gateway hands a list claim over as "[owner staff]": a group whose name has a space looks
    # like two (docs/security.md says which names are safe).
    listed = request.claims.get("cognito:groups", "")
    groups = listed.removeprefix("[").removesuffix("]").split(" ")
    return Actor(subject, request.claims.get("email", ""), org_id, ROLES & set(groups))


def idempotency_key(request: Request) -> str:
    """The key of a state-changing request, from our header or the standard's.

    Raises:
        IdempotencyKeyRequiredError: there is none.
        IdempotencyKeyInvalidError: as `key_if_any`.
    """
    key = key_if_any(request)
    if key is None:
        raise IdempotencyKeyRequiredError
    return key


def key_if_any(request: Request) -> str | None:
    """The key of a request that need not have one.

    Raises:
        IdempotencyKeyInvalidError: it is not 8 to 128 visible ASCII characters, or the two differ.
    """
    ours = request.headers.get("x-idempotency-key")
    standard = request.headers.get("idempotency-key")
    if standard is not None and len(standard) > 1 and standard[0] == standard[-1] == '"':
        standard = standard[1:-1]  # the standard's header is a quoted string
    if ours is not None and standard is not None and ours != standard:
        raise IdempotencyKeyInvalidError("Two different idempotency keys were sent.")
    key = ours if ours is not None else standard
    if key is not None and not _KEY.fullmatch(key):
        raise IdempotencyKeyInvalidError
    return key


def repeated(request: Request) -> bool:
    """Whether the client says that it sends this key once more (`X-Attempt` above 1)."""
    attempt = request.headers.get("x-attempt", "")
    return attempt.isascii() and attempt.isdigit() and attempt.lstrip("0") not in {"", "1"}


def command(request: Request, model: type[ModelT]) -> ModelT:
    """Body and path as one typed command; the path wins, and a body that contradicts it is refused.

    Raises:
        UnsupportedMediaTypeError, PayloadTooLargeError, ValidationFailedError
    """
    fields = json_body(request)
    for name, text in request.path.items():
        if fields.setdefault(name, text) != text:
            raise ValidationFailedError.at(name, "The body contradicts the path.")
    return validated(model, fields)


def query(request: Request, model: type[ModelT]) -> ModelT:
    """Query parameters and path as one typed question.

    Raises:
        ValidationFailedError: a parameter is unknown or does not fit.
    """
    return validated(model, {**request.query, **request.path})


def validated(model: type[ModelT], fields: dict[str, Any]) -> ModelT:
    """What came in as a typed value.

    Raises:
        ValidationFailedError: it does not fit; `fields` says where, never what was sent.
    """
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        # Neither the value nor its context goes back: it may be somebody's number.
        wrong: list[FieldError] = [
            {"path": ".".join(map(str, each["loc"])), "message": _sentence(each["msg"])}
            for each in error.errors(include_input=False, include_url=False, include_context=False)
        ]
        raise ValidationFailedError(fields=wrong) from None


def _sentence(message: str) -> str:
    """Pydantic's words, or those of a check of ours, as a person reads them."""
    words = message.removeprefix("Value error, ")
    return words[:1].upper() + words[1:].removesuffix(".") + "."


def json_body(request: Request) -> dict[str, Any]:
    """The body as a JSON object.

    Raises:
        UnsupportedMediaTypeError, PayloadTooLargeError, ValidationFailedError
    """
    calls_itself_json(request)
    return json_object(body(request))


def calls_itself_json(request: Request) -> None:
    """Let a body pass that is JSON by its own word.

    Raises:
        UnsupportedMediaTypeError: its content type is another one.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise UnsupportedMediaTypeError


def json_object(text: bytes) -> dict[str, Any]:
    """A JSON object.

    Raises:
        ValidationFailedError: the text is anything else.
    """
    try:
        value = from_json(text, allow_inf_nan=False)
    except ValueError:
        raise ValidationFailedError.at("", "The body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise ValidationFailedError.at("", "The body must be a JSON object.")
    return value


def body(request: Request, most: int = MAX_BODY_BYTES) -> bytes:
    """The bytes that were sent.

    Raises:
        PayloadTooLargeError: there are more than `most`.
        ValidationFailedError: they are not what the gateway says that they are.
    """
    text = request.body or ""
    try:
        found = base64.b64decode(text, validate=True) if request.base64 else text.encode()
    except (binascii.Error, UnicodeEncodeError):
        raise ValidationFailedError.at("", "The body is not valid JSON.") from None
    if len(found) > most:
        raise PayloadTooLargeError
    return found
