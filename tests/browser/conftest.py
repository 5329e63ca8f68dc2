"""One browser for all; a demo store made once; a server per module, or of a test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    expect,
    sync_playwright,
)

from kpi.settings import load_settings
from kpi.store import open_store
from tests.browser.serving import Server, copied, launch, make_demo, served, url_of

# A machine that builds other things meanwhile answers late, not wrongly.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="package")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as playwright:
        found = launch(playwright, chromium_path)
        yield found
        found.close()


@pytest.fixture(scope="package")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the demo: copy it before use."""
    return make_demo(tmp_path_factory.mktemp("demo") / "store.duckdb")


@pytest.fixture(scope="package")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with nothing loaded: copy it before use."""
    path = tmp_path_factory.mktemp("empty") / "store.duckdb"
    open_store(load_settings(url_of(path))).close()
    return path


@pytest.fixture(scope="package")
def loaded(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over the demo, for tests that only look."""
    folder = tmp_path_factory.mktemp("loaded")
    with served(copied(demo_store, folder), folder / "log") as server:
        yield server


@pytest.fixture(scope="package")
def empty(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over an empty store, for tests that only look."""
    folder = tmp_path_factory.mktemp("empty-server")
    with served(copied(empty_store, folder), folder / "log") as server:
        yield server


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[Path], Server]]:
    """Starts a server of the test's own over a copy of a store."""
    with ExitStack() as stack:
        yield lambda template: stack.enter_context(
            served(copied(template, tmp_path), tmp_path / "log")
        )


@pytest.fixture(scope="package")
def tried() -> list[str]:
    """Every address outside loopback that any page of the shared visitor tried to reach."""
    return []


@pytest.fixture(scope="package")
def visitor(browser: Browser, tried: list[str]) -> Iterator[BrowserContext]:
    """One browser profile for all tests: what a page is made of is fetched once, then cached.

    Requests are watched, not routed: routing would switch the cache off.
    """
    made = browser.new_context(viewport={"width": 1440, "height": 900}, locale="nl-NL")

    def note(request: Request) -> None:
        found = urlsplit(request.url)
        if found.scheme in {"http", "https", "ws", "wss"} and found.hostname != "127.0.0.1":
            tried.append(request.url)

    made.on("request", note)
    made.set_default_timeout(30_000)
    yield made
    made.close()


@pytest.fixture
def elsewhere(tried: list[str]) -> list[str]:
    """Addresses outside loopback that a page of this test tried to reach; stays empty."""
    tried.clear()
    return tried


@pytest.fixture
def context(visitor: BrowserContext, elsewhere: list[str]) -> Iterator[BrowserContext]:
    """The shared visitor; afterwards without tabs, cookies and rights."""
    yield visitor
    for tab in visitor.pages:
        tab.close()
    visitor.clear_cookies()
    visitor.clear_permissions()
    assert not elsewhere, "a page tried to leave this machine"


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab; what goes wrong in its scripts fails the test."""
    tab = context.new_page()
    tab.on("pageerror", lambda problem: pytest.fail(f"script: {problem}"))
    return tab
