"""Made-up people: common names, and phone numbers from the range kept free for fiction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

_FIRST = """
Olivia Liam Emma Mateo Sofia Ethan Amara Lucas Grace Daniel Chloe Omar Hannah Isaac Priya Samuel
Nora Diego Zoe Marcus Elena Tyler Maya Victor Leah Andre Ruth Hassan Julia Owen Camila Peter Naomi
Carlos Ivy Felix Tanya Leon Rosa Caleb
"""
_LAST = """
Carter Nguyen Patel Johnson Rivera Kim Schmidt Okafor Murphy Rossi Hughes Alvarez Cohen Bennett
Silva Walker Ibrahim Novak Reed Castillo Foster Haddad Morgan Petrov Sanders Tran Wallace Yamada
Brooks Ortiz
"""
# 555-0100 to 555-0199 in every area code; the first ones are the businesses' own.
_FICTIONAL = range(110, 200)
_NEARBY = ("312", "773", "847", "630", "212", "646", "718", "917", "415", "206", "512", "617")


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who called or wrote."""

    name: str
    phone: str
    email: str


def customers(rng: random.Random, area_code: str, count: int) -> list[Customer]:
    """So many customers, each with a number of their own, most from the area."""
    names = rng.sample([(first, last) for first in _FIRST.split() for last in _LAST.split()], count)
    phones = list(_phones(area_code))[:count]
    rng.shuffle(phones)
    return [
        Customer(f"{first} {last}", phone, f"{first}.{last}@example.com".lower())
        for (first, last), phone in zip(names, phones, strict=True)
    ]


def _phones(area_code: str) -> Iterator[str]:
    """Numbers of the area first, then of other places."""
    for code in (area_code, *(code for code in _NEARBY if code != area_code)):
        for line in _FICTIONAL:
            yield f"+1{code}5550{line}"
