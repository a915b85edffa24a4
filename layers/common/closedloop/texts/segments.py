"""How many segments a text is billed as: GSM-7 where every character allows it, else UCS-2.

Source: GSM 03.38 (alphabet and extension table), 3GPP TS 23.040 (headers of joined segments).
"""

from __future__ import annotations

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")

_GSM_SINGLE, _GSM_JOINED = 160, 153
_UCS_SINGLE, _UCS_JOINED = 70, 67


def segments(text: str) -> int:
    """How many messages the text travels as: at least one."""
    if all(each in _BASIC or each in _EXTENDED for each in text):
        return _count([2 if each in _EXTENDED else 1 for each in text], _GSM_SINGLE, _GSM_JOINED)
    units = [2 if ord(each) > 0xFFFF else 1 for each in text]  # noqa: PLR2004 - UTF-16's border
    return _count(units, _UCS_SINGLE, _UCS_JOINED)


def _count(lengths: list[int], single: int, joined: int) -> int:
    if sum(lengths) <= single:
        return 1
    count, room = 1, joined
    for length in lengths:
        if length > room:  # a character of two units is never cut in half
            count, room = count + 1, joined
        room -= length
    return count
