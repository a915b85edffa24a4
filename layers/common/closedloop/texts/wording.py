"""How a visit's day and time are written to the person who comes: short, by the business's clock.

The words keep to the letters of GSM-7, in which 160 fit into one text: `sab`, for `sáb` would make
two of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

Language = Literal["en", "es"]

_DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "es": ("lun", "mar", "mié", "jue", "vie", "sab", "dom"),
}
_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
}


def language(*names: object) -> Language:
    """The language of the first of these locales that is one (`es-MX`); English unless Spanish."""
    first = next((each for each in names if isinstance(each, str) and each), "en")
    return "es" if first.lower().startswith("es") else "en"


def day(moment: datetime, where: ZoneInfo, now: datetime, words: Language) -> str:
    """`Tue, Sep 22`, with its year where that is not this year's."""
    at = moment.astimezone(where)
    weekday, month = _DAYS[words][at.weekday()], _MONTHS[words][at.month - 1]
    written = f"{weekday}, {month} {at.day}" if words == "en" else f"{weekday} {at.day} {month}"
    if at.year == now.astimezone(where).year:
        return written
    return f"{written}, {at.year}" if words == "en" else f"{written} {at.year}"


def clock(moment: datetime, where: ZoneInfo) -> str:
    """`3:00 PM CDT`: a zone without letters of its own is `UTC-03`."""
    at = moment.astimezone(where)
    name = at.tzname() or "UTC"
    zone = f"UTC{name}" if name[0] in "+-" else name
    return f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'} {zone}"  # noqa: PLR2004
