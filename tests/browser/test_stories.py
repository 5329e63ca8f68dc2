"""Every planted story of an organisation nobody has seen is found from the Overzicht in three clicks.

The clicks are those of docs/stories.md, which is made of the list here (`python -m
tests.browser.test_stories` writes it). What was planted is known from the file beside the store.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kpi.demo.stories import Stories
from kpi.i18n import use
from kpi.settings import load_settings
from kpi.store import open_store
from tests.browser.serving import ROOT, Server, all_text, make_demo, served, settled, url_of

#: Large enough for each story to be beyond chance; another seed than any other test looks at.
CUSTOMERS, MONTHS, SEED = 10_000, 13, 97
YEAR = "Wat er in de afgelopen twaalf maanden veranderde"
DOCUMENT = ROOT / "docs" / "stories.md"
#: A title of the configuration in Dutch, by its kind and id.
Title = Callable[[str, str], str]


@dataclass(frozen=True)
class Way:
    """How a story is found.

    Attributes:
        story: its kind, as the file beside the store names it.
        about: what happened, for the document.
        clicks: what is clicked, from the Overzicht on; names in <> differ per organisation.
        seen: what is read on the last but one screen and on the last, for the document.
        tells: what the last screen must say, made of what was planted.
        before: what the screen before the last click must say; empty where the last one says all.
    """

    story: str
    about: str
    clicks: tuple[str, ...]
    seen: str
    tells: Callable[[Stories, Title], tuple[str, ...]]
    before: Callable[[Stories, Title], tuple[str, ...]] = lambda _stories, _title: ()


def week(day: object) -> str:
    return f"wk {day.isocalendar()[1]}"  # type: ignore[attr-defined]


WAYS = (
    Way(
        "tariff_letter",
        "An unclear letter about tariffs brings questions for three weeks",
        (YEAR, "onnodige contacten.*Informatievragen|Contacten over Informatievragen"),
        "the line names the weeks, the cause and the department; the trend has the weeks in it",
        lambda s, t: (t("process", s.tariff_letter.process),),
        lambda s, t: (
            t("cause", s.tariff_letter.cause).lower(),
            t("department", s.tariff_letter.causing_department),
        ),
    ),
    Way(
        "outage",
        "Heating fails in a neighbourhood: a surge of reports, and people who call again",
        (YEAR, "Contacten over Storingen"),
        "the line has the days, how many times the usual and the outage announced then; the days "
        "themselves in the trend",
        lambda s, t: (f"Warmtestoring in {s.outage.neighbourhood}",),
        lambda s, t: (f"Warmtestoring in {s.outage.neighbourhood}", "keer zoveel"),
    ),
    Way(
        "action_that_works",
        "An improvement action halves the contacts about the order's status",
        ("^Product aanvragen of aanpassen$", "^Acties en overleg$"),
        "the action's verdict: better, with the number before and after",
        lambda s, t: ("Statusbericht bij elke stap van de levering", "beter:"),
    ),
    Way(
        "action_without_effect",
        "An improvement action changes nothing",
        ("<process>", "^Acties en overleg$"),
        "the action's verdict: no difference beyond chance",
        lambda s, t: (s.action_without_effect.action, "niet aantoonbaar anders"),
    ),
    Way(
        "slow_department",
        "One department takes far longer than its work asks",
        ("binnen de eigen norm, waar",),
        "the line names who is within its own norm least; then its clock beside the others' in the "
        "process where it is hardest",
        lambda s, t: (
            f"het kleinste aandeel binnen de eigen norm: {t('department', s.slow_department.department)}",
        ),
        lambda s, t: (t("department", s.slow_department.department), "binnen de eigen norm, waar"),
    ),
    Way(
        "price_rise",
        "After a price rise customers without the portal leave",
        (YEAR, "Klantverloop onder klanten zonder mijn-omgeving"),
        "the line has the months, who they are and why they say they leave; then the customers "
        "gained and lost",
        lambda s, t: ("mijn-omgeving",),
        lambda s, t: (
            "Klantverloop onder klanten zonder mijn-omgeving",
            "per maand, anders",
            "Opzeggingen: vooral prijs",
        ),
    ),
    Way(
        "portal_release",
        "A release breaks one step of a funnel; who is stopped there calls",
        (YEAR, "Verhuizing melden"),
        "the line has the step, the weeks and how many go on otherwise; then the funnel",
        lambda s, t: ("Nieuw adres", "Datum"),
        lambda s, t: ("gaat door, anders", "werkt niet (Digitaal)"),
    ),
    Way(
        "late_delivery",
        "Complaints about late delivery rise week after week",
        ("Klachten over te late levering",),
        "the line has since when and how many a week; then the complaints week by week",
        lambda s, t: ("klachten",),
        lambda s, t: ("Klachten over te late levering sinds",),
    ),
)


def document() -> str:
    """The table of docs/stories.md."""
    lines = [
        "# Each planted story in three clicks",
        "",
        "The demo organisation (`ketenzicht demo`) holds eight stories, drawn from its seed; what was",
        "planted lies beside the store in `<store>.demo.json`. From the Overzicht each is found in",
        "three clicks at most, by somebody who does not know what to look for.",
        "`tests/browser/test_stories.py` follows these clicks in a browser, in an organisation of a",
        "seed that nothing else looks at, and writes this page.",
        "",
        "| Story | 1 | 2 | 3 | What one reads |",
        "|---|---|---|---|---|",
    ]
    for way in WAYS:
        clicks = [_named(click) for click in way.clicks] + [""] * (3 - len(way.clicks))
        lines.append(f"| {way.about} | {' | '.join(clicks)} | {way.seen} |")
    return "\n".join([*lines, ""])


def _named(click: str) -> str:
    if click == "<process>":
        return "the process"
    words = click.rpartition("|")[2].replace(".*", " … ")
    return f"*{words.strip('^$')}*"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Stories, Title]]:
    """A server over an organisation of its own, what was planted in it, and its titles."""
    folder = tmp_path_factory.mktemp("stories")
    store = make_demo(folder / "store.duckdb", CUSTOMERS, MONTHS, SEED)
    kept = json.loads(Path(f"{store}.demo.json").read_text(encoding="utf-8"))
    with open_store(load_settings(url_of(store))) as opened:
        configuration = opened.configuration
    with served(store, folder / "log") as server:
        yield (
            server,
            Stories.from_list(kept["stories"]),
            lambda kind, id_: configuration.title(kind, id_, "nl"),
        )


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """One tab: what a page is made of is fetched once."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="nl-NL")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def click(page: Page, words: str) -> None:
    """Click the first link, tab or button with these words, wherever it stands."""
    name = re.compile(words, re.IGNORECASE)
    roles = ("radio", "button", "menuitem")
    found = page.get_by_role("link", name=name)
    for role in roles:
        found = found.or_(page.get_by_role(role, name=name))
    found.first.click()
    settled(page)


def test_the_document_is_made_of_these_ways() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()
    assert len(WAYS) == len({way.story for way in WAYS})
    assert all(len(way.clicks) <= 3 for way in WAYS)


def test_the_first_page_loads_no_chart_code(planted, tab) -> None:
    """Also the first of all: nothing is cached yet."""
    server, stories, _title = planted
    assert {one.story for one in stories} == {way.story for way in WAYS}
    fetched: list[str] = []
    tab.on("request", lambda request: fetched.append(request.url))
    tab.goto(f"{server.url}/?lang=nl")
    settled(tab)
    assert fetched
    assert not [url for url in fetched if "plotly" in url.lower()]
    # All six processes and what moved, without scrolling.
    last = tab.get_by_role("link", name="Opzeggingen").last.bounding_box()
    assert last is not None
    assert last["y"] + last["height"] < 900


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.story)
def test_found_in_three_clicks(way: Way, planted, tab) -> None:
    server, stories, title = planted
    tab.goto(f"{server.url}/?lang=nl")
    settled(tab)
    process = title("process", stories.action_without_effect.process)
    with use("nl"):
        for place, words in enumerate(way.clicks, 1):
            if place == len(way.clicks):
                says(tab, way.before(stories, title))
            click(tab, f"^{re.escape(process)}$" if words == "<process>" else words)
        says(tab, way.tells(stories, title))
    expect(tab.get_by_role("heading", level=1)).to_be_visible()


def says(page: Page, wanted: tuple[str, ...]) -> None:
    """The screen holds all of these words."""
    text = " ".join(all_text(page).replace("\u00a0", " ").split())
    for words in wanted:
        assert words in text, f"{words!r} is not said in: {text[:3000]}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
