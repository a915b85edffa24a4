"""A real Chromium on the web client that the local stack serves."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from local.settings import ROOT
from local.stack import Stack
from local.web_build import build
from tests.e2e.flags import FLAGS
from tests.e2e.support import PATIENCE, Dashboard

if TYPE_CHECKING:
    from collections.abc import Iterator


def _needed(tool: str) -> str:
    """The path of a tool; without it the tests are left out aloud, or fail where REQUIRE is set."""
    path = shutil.which(tool)
    if path is None:
        message = f"{tool} is missing: the browser tests cannot run."
        if os.environ.get("REQUIRE"):
            pytest.fail(message)
        pytest.skip(message)
    return path


@pytest.fixture(scope="package")
def built() -> None:
    """The web client as its sources are: the stack itself would serve an older one."""
    _needed("npm")
    build(ROOT / "web")


@pytest.fixture(scope="package")
def stack(built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The running stack."""
    assert built is None
    with Stack(tmp_path_factory.mktemp("e2e"), web=True) as started:
        yield started


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, for this folder alone: it keeps an event loop that other tests need."""
    path = _needed("chromium")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def dashboard(
    request: pytest.FixtureRequest, stack: Stack, chromium: Browser
) -> Iterator[Dashboard]:
    """Opens screens of the dashboard and closes them at the end. What was promised was pressed."""
    opened = Dashboard(stack, chromium)
    yield opened
    promised = {name for mark in request.node.iter_markers("presses") for name in mark.args}
    opened.wait_for(promised)
    opened.close()
    assert promised <= opened.pressed
