"""What the environment asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.settings import ROOT, Settings


def test_an_empty_environment_means_the_usual_stack() -> None:
    """Port 8787, fresh data, files in .local, watching, with the web client."""
    settings = Settings.from_environment({})
    assert settings == Settings(8787, ROOT / ".local", None, ROOT / "template.yaml")
    assert (settings.watch, settings.web) == (True, True)


def test_settings_survive_the_way_through_an_environment() -> None:
    """A started process reads what was meant."""
    settings = Settings(0, Path("/a"), Path("/b"), Path("/c.yaml"), watch=False, web=False)
    assert Settings.from_environment(settings.environment()) == settings


@pytest.mark.parametrize("port", ["http", "-1", "65536", "80.0", "٨٠"])
def test_a_port_that_is_none_is_named(port: str) -> None:
    """The words say which variable and which value."""
    with pytest.raises(ValueError, match="PORT"):
        Settings.from_environment({"PORT": port})


def test_the_key_is_kept_where_the_data_is() -> None:
    """Tokens live as long as the rows they are for."""
    kept = Settings(local_dir=Path("/a"), state_dir=Path("/b"))
    assert kept.key_file == Path("/b/issuer.pem")
    assert Settings(local_dir=Path("/a")).key_file == Path("/a/issuer.pem")
