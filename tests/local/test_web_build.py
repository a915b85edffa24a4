"""When the web client is installed and built, with npm played by a script."""

from __future__ import annotations

import gzip
import os
from typing import TYPE_CHECKING

import pytest

from local.web_build import NotBuiltError, build

if TYPE_CHECKING:
    from pathlib import Path

_NPM = """#!/bin/sh
echo "$1 $2" >> "{calls}"
test "$1" != ci || {{ mkdir -p node_modules && touch node_modules/.package-lock.json; }}
test "$1" != run || {{ mkdir -p dist && touch dist/index.html; }}
exit {status}
"""


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A client with one source file."""
    web = tmp_path / "web"
    (web / "src").mkdir(parents=True)
    (web / "src" / "main.ts").write_text("1")
    (web / "package.json").write_text("{}")
    (web / "package-lock.json").write_text("{}")
    return web


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tools:
    """Node and npm on the path."""
    tools = Tools(tmp_path)
    tools.install()
    monkeypatch.setenv("PATH", f"{tools.directory}{os.pathsep}{os.environ['PATH']}")
    return tools


class Tools:
    """Scripts in place of Node and npm; `calls` is what npm was asked."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory / "bin"
        self._calls = directory / "calls"

    def install(self, node: str = "v20.1.0", status: int = 0) -> None:
        """Puts them in place: this version of Node, this exit status of npm."""
        self.directory.mkdir(exist_ok=True)
        self._write("node", f"#!/bin/sh\necho {node}\n")
        self._write("npm", _NPM.format(calls=self._calls, status=status))

    def calls(self) -> list[str]:
        """What npm was asked since the last look."""
        asked = self._calls.read_text().splitlines() if self._calls.exists() else []
        self._calls.unlink(missing_ok=True)
        return asked

    def _write(self, name: str, script: str) -> None:
        (self.directory / name).write_text(script)
        (self.directory / name).chmod(0o700)


def test_a_new_checkout_is_installed_and_built(web: Path, tools: Tools) -> None:
    """In this order, once."""
    build(web)
    assert tools.calls() == ["ci --no-audit", "run build"]


def test_an_unchanged_client_is_left_alone(web: Path, tools: Tools) -> None:
    """The second start costs nothing."""
    build(web)
    tools.calls()
    build(web)
    assert tools.calls() == []


def test_a_changed_source_is_built_without_installing(web: Path, tools: Tools) -> None:
    """The modules are still the right ones."""
    build(web)
    tools.calls()
    (web / "src" / "main.ts").write_text("2")
    build(web)
    assert tools.calls() == ["run build"]


def test_a_lost_result_is_built_again(web: Path, tools: Tools) -> None:
    """Whatever the note of the last build says."""
    build(web)
    tools.calls()
    (web / "dist" / "index.html").unlink()
    build(web)
    assert tools.calls() == ["run build"]


def test_a_failed_build_is_tried_again(web: Path, tools: Tools) -> None:
    """And is named."""
    tools.install(status=1)
    with pytest.raises(NotBuiltError, match="npm ci"):
        build(web)
    tools.install()
    tools.calls()
    build(web)
    assert tools.calls()[-1] == "run build"


def test_what_is_text_is_compressed_anew_with_each_build(web: Path, tools: Tools) -> None:
    """Beside the file, when that saves something; a file that was built by hand, too."""
    build(web)
    code = web / "dist" / "assets" / "main.js"
    code.parent.mkdir()
    for content in ("old " * 1000, "new " * 1000):
        code.write_text(content)
        build(web)
        assert gzip.decompress(code.with_name("main.js.gz").read_bytes()).decode() == content
    assert not (web / "dist" / "index.html.gz").exists()


def test_an_old_node_is_named(web: Path, tools: Tools) -> None:
    """It is not even tried."""
    tools.install(node="v18.20.0")
    with pytest.raises(NotBuiltError, match="Node 20"):
        build(web)
    assert tools.calls() == []


def test_a_checkout_without_a_client_is_named(tmp_path: Path) -> None:
    """There is nothing to build."""
    with pytest.raises(NotBuiltError, match="no web client"):
        build(tmp_path)
