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
    "twilio_inbound": (
        200,
        {"description": "It is kept; TwiML says what the customer is answered.", "content": _TWIML},
    ),
    "twilio_status": (204, {"description": "It is kept, or changes nothing."}),
}
"""Folder → the status of an answer that is no failure, and the answer."""

_FORM = {
    "description": "A form as Twilio sends it: https://www.twilio.com/docs/usage/webhooks.",
    "type": "object",
    "additionalProperties": {"type": "string"},
}

_SIGNATURE = {
    "name": "X-Twilio-Signature",
    "in": "header",
    "required": True,
    "description": "HMAC-SHA1 of the address and the form, by the account's token.",
    "schema": {"type": "string"},
}

_FAILURES = {
    "400": {"description": "It cannot be read: a repeat would change nothing."},
    "403": {"description": "The signature is not Twilio's."},
    "500": {"description": "Something went wrong on our side. Twilio repeats it."},
    "503": {"description": "The database does not answer. Twilio repeats it."},
}


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
        form = {"application/x-www-form-urlencoded": {"schema": schemas.keep("TwilioForm", _FORM)}}
        return {
            "operationId": self.folder,
            "summary": self._label(),
            "description": "A webhook of Twilio. 2xx once it is kept; after 5xx Twilio repeats it.",
            "tags": [tag(self.path)],
            "security": [],
            "parameters": [_SIGNATURE],
            "requestBody": {"required": True, "content": form},
            "responses": {str(status): done, **_FAILURES},
        }

    def _label(self) -> str:
        code = (ROOT / "functions" / self.folder / "app.py").read_text(encoding="utf-8")
        label = (ast.get_docstring(ast.parse(code)) or self.folder).partition("\n")[0]
        return label.removeprefix(f"{self.method} {self.path}: ")
