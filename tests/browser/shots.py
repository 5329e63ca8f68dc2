"""Pictures of every page, to look at: `python -m tests.browser.shots [FOLDER] [WORDS …]`.

Three sizes, light and dark, Dutch and English, empty and loaded; into shots/, which git ignores.
With WORDS only those whose name holds them all; a word may be a choice ("trends|zaak"). Sheets of
six of them beside each other go into the folder `sheets`.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import product
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import TimeoutError as Late

from kpi import numbers
from kpi.filters import Filters
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
    "klantproces-redenen": "/klantproces?process=information&view=reasons",
    "klantproces-momenten": "/klantproces?process=request&view=moments",
    "klantproces-overleg": "/klantproces?process=request&view=meeting",
    "doelen": "/doelen",
    "trends": "/trends?process=information&kpi=avoidable",
    "trends-processen": "/trends?kpi=within_norm&by=process&grain=month",
    "trends-redenen": "/trends?kpi=avoidable&by=reason",
    "verschil": "/verschil",
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
    "verbeteracties": "/verbeteracties",
    "rijen": "/rijen?kpi=within_norm&process=fault&part=missed",
    "zaak": "/zaak?case={case}",
    "meldingen": "/meldingen",
    "mededelingen": "/mededelingen",
    "gegevens-inlezen": "/gegevens-inlezen",
    "codes": "/codes",
    "datakwaliteit": "/datakwaliteit",
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


def shoot(
    browser: Browser, server: Server, state: str, folder: Path, words: list[str], case: str
) -> list[Path]:
    """Take the pictures of one server; gives where they are."""
    wanted = []
    for (page, path), size, language, theme in product(
        PAGES.items(), SIZES.items(), LANGUAGES, THEMES
    ):
        place = address(path.format(case=case), lang=language)
        wanted.append((page, place, size, language, theme))
    for (page, path), size, language, theme in product(
        WALLS.items(), WALL_SIZES.items(), LANGUAGES, THEMES
    ):
        wanted.append((page, address(path, lang=language, theme=theme), size, language, theme))
    taken: list[Path] = []
    for page, path, (size, (width, height)), language, theme in wanted:
        name = f"{page}_{state}_{size}_{language}_{theme}.png"
        if not all(any(one in name for one in word.split("|")) for word in words):
            continue
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, locale=f"{language}-NL"
        )
        tab = context.new_page()
        tab.goto(f"{server.url}{path}")
        if page not in WALLS:
            try:
                settled(tab, timeout=90_000)
            except Late:
                # It is worth a look all the same.
                print(f"{name}: not settled")
        tab.wait_for_timeout(900)
        tab.screenshot(path=folder / name, full_page=False)
        if page not in WALLS and size != "large":
            _whole(tab, folder / name.replace(".png", "_whole.png"), width)
        context.close()
        taken.append(folder / name)
    return taken


def sheets(pictures: list[Path], folder: Path) -> None:
    """Six pictures on a sheet, each under its name: to look at many, and then at one."""
    folder.mkdir(exist_ok=True)
    for number in range(0, len(pictures), 6):
        paper = Image.new("RGB", (2160, 1330), "#888888")
        for place, path in enumerate(pictures[number : number + 6]):
            with Image.open(path) as picture:
                small = picture.convert("RGB")
                small.thumbnail((710, 640))
            x, y = 5 + 720 * (place % 3), 20 + 665 * (place // 3)
            paper.paste(small, (x, y))
            ImageDraw.Draw(paper).text((x, y - 16), path.stem, fill="#000000")
        paper.save(folder / f"sheet_{number // 6:03}.png")


def a_case(store: Path) -> str:
    """Some case of the demo."""
    with open_store(load_settings(url_of(store))) as opened:
        found = numbers.rows(opened, "within_norm", Filters.of(process=["fault"]), most=1)
    return str(found.rows[0]["case_id"])


def _whole(tab, path: Path, width: int) -> None:  # type: ignore[no-untyped-def]
    """The page down to its end: Streamlit scrolls inside, so the window is made as tall."""
    height = tab.evaluate("document.querySelector('.stMain').scrollHeight")
    tab.set_viewport_size({"width": width, "height": min(int(height) + 20, 6000)})
    tab.wait_for_timeout(500)
    tab.screenshot(path=path)


def main() -> None:
    """Make the stores, serve each, and take the pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "shots"
    words = sys.argv[2:]
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
        taken: list[Path] = []
        case = a_case(loaded)
        for state, store in (("loaded", loaded), ("empty", empty)):
            with served(store, made / f"{state}.log") as server:
                taken += shoot(browser, server, state, folder, words, case)
        browser.close()
    sheets(taken, folder / "sheets")
    print(f"{len(taken)} pictures in {folder}")


if __name__ == "__main__":
    main()
