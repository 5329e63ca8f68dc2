"""Pictures of every page, to look at: `python -m tests.browser.shots [FOLDER] [WORD]`.

Three sizes, light and dark, Dutch and English, empty and loaded; into shots/, which git ignores.
With WORD only those whose name holds it.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from kpi.settings import load_settings
from kpi.store import open_store
from tests.browser.serving import ROOT, Server, launch, make_demo, served, settled, url_of
from tools import browser as browsers

SIZES = {"desk": (1440, 900), "tablet": (820, 1180), "large": (1920, 1080)}
PAGES = {
    "overzicht": "/",
    "klantproces": "/klantproces?process=information",
    "klantproces-werk": "/klantproces?process=request&view=work",
    "klantproces-doorlooptijd": "/klantproces?process=request&view=lead",
    "klantproces-overleg": "/klantproces?process=request&view=meeting",
    "doelen": "/doelen",
    "trends": "/trends?process=information&kpi=avoidable",
    "funnels": "/funnels",
    "onnodige-contacten": "/onnodige-contacten",
    "wat-minder-oplevert": "/onnodige-contacten?view=yield",
    "wie-terugkomt": "/onnodige-contacten?view=back",
    "waardevol": "/onnodige-contacten?view=valuable",
    "bereikbaarheid": "/bereikbaarheid",
    "kanaalsturing": "/kanaalsturing",
    "klanten": "/klanten",
    "klanten-blijven": "/klanten?view=stay",
    "klanten-contact": "/klanten?view=contact",
    "klanten-kopen": "/klanten?view=sold",
    "gegevens-inlezen": "/gegevens-inlezen",
    "definities": "/definities?kpi=avoidable",
    "informatieschermen": "/informatieschermen",
}
WALLS = {"wall-complaints": "/wall/complaints", "wall-scoreboard": "/wall/scoreboard"}
WALL_SIZES = {"hd": (1280, 720), "full": (1920, 1080), "uhd": (3840, 2160)}
LANGUAGES, THEMES = ("nl", "en"), ("light", "dark")


def address(path: str, **query: str) -> str:
    """A path with more in its query."""
    more = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{path}{'&' if '?' in path else '?'}{more}"


def shoot(browser: Browser, server: Server, state: str, folder: Path, word: str) -> int:
    """Take the pictures of one server; gives how many."""
    wanted = []
    for (page, path), size, language, theme in product(
        PAGES.items(), SIZES.items(), LANGUAGES, THEMES
    ):
        wanted.append((page, address(path, lang=language), size, language, theme))
    for (page, path), size, language, theme in product(
        WALLS.items(), WALL_SIZES.items(), LANGUAGES, THEMES
    ):
        wanted.append((page, address(path, lang=language, theme=theme), size, language, theme))
    taken = 0
    for page, path, (size, (width, height)), language, theme in wanted:
        name = f"{page}_{state}_{size}_{language}_{theme}.png"
        if word not in name:
            continue
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, locale=f"{language}-NL"
        )
        tab = context.new_page()
        tab.goto(f"{server.url}{path}")
        if page not in WALLS:
            settled(tab)
        tab.wait_for_timeout(900)
        tab.screenshot(path=folder / name, full_page=False)
        if page not in WALLS and size != "large":
            _whole(tab, folder / name.replace(".png", "_whole.png"), width)
        context.close()
        taken += 1
    return taken


def _whole(tab, path: Path, width: int) -> None:  # type: ignore[no-untyped-def]
    """The page down to its end: Streamlit scrolls inside, so the window is made as tall."""
    height = tab.evaluate("document.querySelector('.stMain').scrollHeight")
    tab.set_viewport_size({"width": width, "height": min(int(height) + 20, 6000)})
    tab.wait_for_timeout(500)
    tab.screenshot(path=path)


def main() -> None:
    """Make the stores, serve each, and take the pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "shots"
    word = sys.argv[2] if len(sys.argv) > 2 else ""
    executable = browsers.find()
    if executable is None:
        raise SystemExit(browsers.NONE_FOUND)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="ketenzicht-shots-") as place,
        sync_playwright() as play,
    ):
        made = Path(place)
        loaded = make_demo(made / "demo" / "store.duckdb", customers=12_000, months=24, seed=7)
        empty = made / "empty" / "store.duckdb"
        empty.parent.mkdir()
        open_store(load_settings(url_of(empty))).close()
        browser = launch(play, executable)
        taken = 0
        for state, store in (("loaded", loaded), ("empty", empty)):
            with served(store, made / f"{state}.log") as server:
                taken += shoot(browser, server, state, folder, word)
        browser.close()
    print(f"{taken} pictures in {folder}")


if __name__ == "__main__":
    main()
