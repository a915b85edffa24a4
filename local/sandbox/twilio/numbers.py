"""Numbers to try a refusal or a failure with; every other number gets its texts.

The first ones are those of Twilio's test credentials, with their error codes.
"""

from __future__ import annotations

REFUSED = {
    "+15005550001": (21211, "The 'To' number is not a valid phone number."),
    "+15005550002": (21612, "There is no route from the 'From' number to the 'To' number."),
    "+15005550004": (21610, "Attempt to send to unsubscribed recipient."),
    "+15005550009": (21614, "The 'To' number is not a valid mobile number."),
}
"""Not accepted: Twilio's code and message."""

FAILING = {
    "+15005550033": ("undelivered", 30003),
    "+15005550036": ("undelivered", 30006),
    "+15005550037": ("undelivered", 30007),
    "+15005550038": ("failed", 30008),
}
"""Accepted, and then reported as this, with this code."""

STOP = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout"})
"""Twilio's own words but CANCEL, which an account can have taken off the list, as this one has."""

START = frozenset({"start", "yes", "unstop"})
