"""What may be written about a person."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from closedloop.people.contacts import UpdateContact


@pytest.mark.parametrize("name", ["\u200b", "A\x00na", "Ana\u202e", "Ana\nOrtiz"])
def test_a_name_hides_nothing(name: str) -> None:
    """It is shown beside other words, read aloud and written into texts."""
    with pytest.raises(ValidationError):
        UpdateContact.model_validate({"id": "con_1", "name": name})
