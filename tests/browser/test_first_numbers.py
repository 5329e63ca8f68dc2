"""Of a large store the first page shows what is quickly there, and then all of it in its place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kpi import numbers
from kpi.settings import load_settings
from kpi.store import open_store
from tests.browser.serving import Server, served, settled, url_of

#: Notes whether the card of what is there at once was in sight, and whether both were at once.
WATCH = """() => {
  window.seen = {early: 0, both: 0};
  const there = (key) => document.querySelector('.st-key-' + key)?.checkVisibility() ?? false;
  const look = () => {
    if (there('scorecard-early')) window.seen.early += 1;
    if (there('scorecard-early') && there('scorecard')) window.seen.both += 1;
    requestAnimationFrame(look);
  };
  look();
}"""


@pytest.fixture
def summed(demo_store: Path, tmp_path: Path) -> Iterator[Server]:
    """A server over a store with daily sums, as a large one has them."""
    path = tmp_path / "store.duckdb"
    shutil.copy(demo_store, path)
    with open_store(load_settings(url_of(path))) as store:
        assert numbers.keep_daily_sums(store, least=0)
    with served(path, tmp_path / "log") as server:
        yield server


def test_what_is_there_at_once_gives_way_to_the_whole(summed: Server, page: Page) -> None:
    page.goto(f"{summed.url}/?lang=en")
    settled(page)
    page.evaluate(WATCH)
    card = page.locator(".st-key-scorecard .kz-scorecard")
    # Twice: the second time the early card stands there already, out of sight.
    for channel in ("Phone", "Chat"):
        was = card.inner_text()
        page.locator(".st-key-choose-channel [role=combobox]").click()
        page.get_by_role("option", name=channel, exact=True).click()
        expect(card).not_to_have_text(was, use_inner_text=True)
        settled(page)
        expect(card).to_be_visible()
        expect(page.locator(".st-key-scorecard-early")).to_be_hidden()
        expect(page.get_by_text("is being counted").filter(visible=True)).to_have_count(0)
    seen = page.evaluate("window.seen")
    assert seen["early"] > 0, "nothing was shown at once"
    assert seen["both"] <= 2, "two cards stood below each other"
