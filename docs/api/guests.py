"""Routes that are open to a vendor: who calls them, and in which format, is the vendor's word."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docs.api.operations import tag
from docs.api.schemas import UndescribableError
from tests.support.template import ROOT

if TYPE_CHECKING:
    from docs.api.schemas import Schemas

_TWIML = {"text/xml": {"schema": {"type": "string"}}}

DONE: dict[str, tuple[int, dict[str, Any]]] = {
    "square_webhook": (200, {"description": "It is written down, or changes nothing."}),
    "twilio_inbound": (
        200,
        {"description": "It is kept; TwiML says what the customer is answered.", "content": _TWIML},
    ),
    "twilio_status": (204, {"description": "It is kept, or changes nothing."}),
}
"""Folder → the status of an answer that is no failure, and the answer."""


@dataclass(frozen=True)
class Vendor:
    """Who calls, how the request is signed, and what it carries."""

    name: str
    signed: dict[str, Any]
    kind: str
    schema: str
    body: dict[str, Any]
    forged: int

    def failures(self) -> dict[str, dict[str, Any]]:
        """The answers that are failures, by status."""
        again = f"{self.name} repeats it."
        return {
            "400": {"description": "It cannot be read: a repeat would change nothing."},
            str(self.forged): {"description": f"The signature is not {self.name}'s."},
            "500": {"description": f"Something went wrong on our side. {again}"},
            "503": {"description": f"The database does not answer. {again}"},
        }


def _header(name: str, meaning: str) -> dict[str, Any]:
    schema = {"type": "string"}
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": meaning,
        "schema": schema,
    }


VENDORS = {
    "square": Vendor(
        "Square",
        _header(
            "X-Square-HmacSha256-Signature",
            "HMAC-SHA256 of the notification's address and the body, by the subscription's key.",
        ),
        "application/json",
        "SquareEvent",
        {
            "description": "An event as Square sends it: https://developer.squareup.com/docs/webhooks.",
            "type": "object",
            "additionalProperties": True,
        },
        forged=401,
    ),
    "twilio": Vendor(
        "Twilio",
        _header(
            "X-Twilio-Signature", "HMAC-SHA1 of the address and the form, by the account's token."
        ),
        "application/x-www-form-urlencoded",
        "TwilioForm",
        {
            "description": "A form as Twilio sends it: https://www.twilio.com/docs/usage/webhooks.",
            "type": "object",
            "additionalProperties": {"type": "string"},
        },
        forged=403,
    ),
}
"""By the first word of the function's name."""


class UnknownGuestError(UndescribableError):
    """Nothing is said of what a vendor is answered."""


@dataclass(frozen=True)
class Guest:
    """A route of a webhook."""

    folder: str
    method: str
    path: str

    def document(self, schemas: Schemas) -> dict[str, Any]:
        """The operation by the first line of its app.py.

        Raises:
            UnknownGuestError: DONE says nothing of its answer.
        """
        if self.folder not in DONE:
            raise UnknownGuestError(
                f"{self.folder} is open to everybody: say in DONE of docs/api/guests.py what it "
                "answers."
            )
        status, done = DONE[self.folder]
        vendor = VENDORS[self.folder.partition("_")[0]]
        body = {vendor.kind: {"schema": schemas.keep(vendor.schema, vendor.body)}}
        return {
            "operationId": self.folder,
            "summary": self._label(),
            "description": f"A webhook of {vendor.name}. 2xx once it is kept; after 5xx "
            f"{vendor.name} repeats it.",
            "tags": [tag(self.path)],
            "security": [],
            "parameters": [vendor.signed],
            "requestBody": {"required": True, "content": body},
            "responses": {str(status): done, **vendor.failures()},
        }

    def _label(self) -> str:
        code = (ROOT / "functions" / self.folder / "app.py").read_text(encoding="utf-8")
        label = (ast.get_docstring(ast.parse(code)) or self.folder).partition("\n")[0]
        return label.removeprefix(f"{self.method} {self.path}: ")
