"""How many examples Hypothesis tries: all of them, or a tenth in `make test-fast`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

USUAL = 100
"""Examples of a property that does not ask for a number, in the profile `default`."""


def profile() -> None:
    """Take the profile that HYPOTHESIS_PROFILE names; neither fails a test on a busy machine."""
    settings.register_profile("default", max_examples=USUAL, deadline=None)
    settings.register_profile("fast", max_examples=USUAL // 10, deadline=None)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def scaled(usual: int) -> int:
    """So many examples in the profile `default`, fewer in `fast`, at least two."""
    return max(2, usual * settings().max_examples // USUAL)


def freely(usual: int) -> settings:
    """Settings of a property whose examples share the test's fixtures and may be slow."""
    return settings(
        max_examples=scaled(usual),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
