"""What the pages are tested over."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import streamlit as st

from kpi.settings import load_settings
from kpi.store import Store, open_store
from kpi.web import running
from pages.shared import components, places
from tests.browser.serving import make_demo
from tests.pages import seen


@pytest.fixture(scope="session")
def demo_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo organisation: open it, do not change it."""
    return make_demo(tmp_path_factory.mktemp("pages") / "store.duckdb")


@pytest.fixture(scope="module")
def demo(demo_path: Path) -> Iterator[Store]:
    """The same, opened."""
    with open_store(load_settings(f"duckdb:///{demo_path}")) as store:
        yield store


@pytest.fixture
def demo_shown(demo: Store) -> Iterator[Store]:
    """The same, attached to the pages."""
    running.attach(demo)
    try:
        yield demo
    finally:
        running.attach(None)


@pytest.fixture
def quiet_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Links to other pages, which are not there when one page runs alone."""
    monkeypatch.setattr(places, "path", lambda name: name)
    monkeypatch.setattr(places, "link", lambda *_args, **_more: None)


@pytest.fixture(autouse=True)
def tables_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every folded table opened by somebody: what is folded is not made."""
    monkeypatch.setattr(st, "expander", partial(st.expander, expanded=True))


@pytest.fixture
def blocks(monkeypatch: pytest.MonkeyPatch, quiet_places: None) -> dict[str, seen.Node]:
    """What our own HTML holds, by the key it is shown under."""
    found: dict[str, seen.Node] = {}
    monkeypatch.setattr(
        components,
        "_bulletin",
        lambda key, data, **_more: found.update({key: seen.read(data["html"])}),
    )
    return found
