"""How the built web client is served."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from local.door.web_files import WebFiles
from local.web_build import compress

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A built client, with a secret beside it."""
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("start page")
    (dist / "assets" / "main-1a2b.js").write_text("code")
    (tmp_path / "secret.txt").write_text("secret")
    return dist


def get(directory: Path, path: str) -> tuple[int, str, str]:
    """Status, text and caching of an address, sent as it is written."""

    async def run() -> tuple[int, str, str]:
        app = web.Application()
        app.router.add_get("/{path:.*}", WebFiles(directory).handle)
        async with TestClient(TestServer(app)) as client:
            answer = await client.get(URL(path, encoded=True))
            kept = answer.headers.get("Cache-Control", "")
            return answer.status, await answer.text(), kept

    return asyncio.run(run())


@pytest.mark.parametrize("path", ["/", "/en/leads", "/es/leads/lead_demo_001"])
def test_addresses_of_the_client_get_its_start_page(dist: Path, path: str) -> None:
    """The client's own router does the rest; a new build is seen at once."""
    assert get(dist, path) == (200, "start page", "no-cache")


def test_hashed_files_are_kept_for_ever(dist: Path) -> None:
    """Another content has another name."""
    status, text, kept = get(dist, "/assets/main-1a2b.js")
    assert (status, text) == (200, "code")
    assert "immutable" in kept


def test_a_missing_file_is_not_the_start_page(dist: Path) -> None:
    """A script that is HTML confuses everybody."""
    assert get(dist, "/assets/main-old.js")[0] == 404


@pytest.mark.parametrize(
    "path", ["/..%2Fsecret.txt", "/assets/..%2F..%2Fsecret.txt", "/%2Fetc%2Fhosts"]
)
def test_nothing_outside_of_the_client_is_served(dist: Path, path: str) -> None:
    """However the way out is written."""
    assert "secret" not in get(dist, path)[1]
    assert "localhost" not in get(dist, path)[1]


@pytest.mark.parametrize(
    "path", ["/%00", "/index.html%00.js", "/" + "a" * 300, "/" + "a/" * 3000 + "x.js"]
)
def test_a_name_that_no_file_can_have_is_not_found(dist: Path, path: str) -> None:
    """It is no address of the client either."""
    assert get(dist, path)[0] == 404


def test_a_compressed_file_goes_to_whom_it_suits(dist: Path) -> None:
    """Each with its own tag; caches are told that there are two."""
    code = "code " * 1000
    (dist / "assets" / "main-1a2b.js").write_text(code)
    compress(dist)

    async def ask(encodings: str) -> tuple[str, str, str, str, str]:
        app = web.Application()
        app.router.add_get("/{path:.*}", WebFiles(dist).handle)
        async with TestClient(TestServer(app)) as client:
            headers = {"Accept-Encoding": encodings}
            answer = await client.get("/assets/main-1a2b.js", headers=headers)
            names = ("Content-Encoding", "Vary", "ETag", "Content-Type")
            found = [answer.headers.get(name, "") for name in names]
            again = {"If-None-Match": found[2], **headers}
            kept = await client.get("/assets/main-1a2b.js", headers=again)
            assert kept.status == 304
            return (await answer.text(), found[0], found[1], found[2], found[3])

    packed, plain = asyncio.run(ask("gzip, br")), asyncio.run(ask("identity"))
    assert packed[0] == plain[0] == code
    assert (packed[1], plain[1]) == ("gzip", "")
    assert packed[2] == plain[2] == "Accept-Encoding"
    assert packed[3] != plain[3]
    assert packed[4] == plain[4]


def test_a_client_that_is_not_built_is_explained(tmp_path: Path) -> None:
    """With the way to build it."""
    status, text, _ = get(tmp_path / "nothing", "/")
    assert status == 503
    assert "npm run build" in text
