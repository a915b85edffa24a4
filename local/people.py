"""The people who can sign in to the local stack."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the dashboard. `role` is owner, manager or staff."""

    id: str
    name: str
    email: str
    org_id: str
    role: str


PEOPLE = (
    Person(
        "0b9ce6a2-6f0f-4b1c-9d43-5a54a7a1c001",
        "Maria Delgado",
        "maria@brightfinish.example",
        "demo",
        "owner",
    ),
    Person(
        "0b9ce6a2-6f0f-4b1c-9d43-5a54a7a1c002",
        "Kenji Watanabe",
        "kenji@brightfinish.example",
        "demo",
        "manager",
    ),
    Person(
        "0b9ce6a2-6f0f-4b1c-9d43-5a54a7a1c003",
        "Aisha Brown",
        "aisha@brightfinish.example",
        "demo",
        "staff",
    ),
    Person(
        "0b9ce6a2-6f0f-4b1c-9d43-5a54a7a1c004",
        "Noah Lindqvist",
        "noah@cedarhill.example",
        "other",
        "staff",
    ),
)
