"""Every number on every page: the one that `ketenzicht show` prints, with its definition and its rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from kpi import formats, numbers
from kpi.bulletin.readings import is_change, read
from kpi.bulletin.tables import Table
from kpi.bulletin.taken import book_of
from kpi.charts.drawn import Drawn
from kpi.commands.funnel import funnel
from kpi.commands.show import show
from kpi.filters import DIMENSIONS, Filters
from kpi.i18n import use
from kpi.measures import KPIS
from kpi.model import Unit
from kpi.results.rows import BESIDES, counted, parts_of
from kpi.store import Store
from kpi.web import shelf
from pages.shared import components, drill, page
from pages.shared.state import BETWEEN
from tests.pages import alone, seen, walk

SINCE, UNTIL = "2025-06-01", "2025-08-31"
#: Of a long table so many numbers, spread over it.
MOST = 30
#: Heads of figures that no answer gives as they stand, and where they come from.
LOOSE = {
    # Beside a value in its row, checked with it.
    "n", "95%-interval", "Uren open",
    # Held against another number of the same row.
    "Aandeel", "Verandering", "Verandering aandeel", "Aandeel eerst", "Aandeel nu", "Door eigen waarde",
    "Door aandeel", "Verschil in punten (95 %)", "vertrokken / aan het begin", "Aan nieuwe",
    "Aan nieuwe klanten", "Doel",
    # Limits over many periods of what is beside them (tests/results/test_signals.py).
    "Gebruikelijk", "Band van", "Band tot",
    # Estimates.
    "Contacten minder per jaar", "Opbrengst per jaar", "Eerder opnemen, per week",
    "Behandeltijd, per week",
    # What is open now and how long: of single cases, listed there.
    "Nog, werktijd", "Eroverheen, werktijd", "Al stil", "Zaken", "Over de norm",
    # Working time by department, and staffed hours: no KPI.
    "Zaken gekregen", "Helft daarvan binnen", "Negen van de tien binnen",
    "Aandeel in alle werktijd", "Bemande uren per dag", "Aangeboden per dag",
    "Aangeboden per bemand uur", "Bemande uren", "Som", "Totalen",
    # Hours of the week taken together by the hour of the day.
    "Aangeboden", "Aangeboden contacten per uur",
    # Of a passage from step to step of a funnel; the steps are checked.
    "Van de vorige", "Eerder", "Vallen af", "Mediane tijd", "Gaat door",
    # Who is in what happened.
    "",
}  # fmt: skip
#: The same, in tables whose key begins so.
LOOSE_IN = {
    ("now", None): "what is told beside the number, in its own units",
    ("targets", None): "what is aimed at",
    ("curve-table", None): "the curve at round numbers of days; its middle is the lead time above",
    ("split-", None): "parts of a change; they add up to it (tests/results/test_split.py)",
    ("reason-channel", None): "a share of the contacts beside it; each leads to its contacts",
    ("categories-table", "Contacten"): "the share beside it of all with a category",
    ("clock-table", None): "hours of the week taken together by the hour of the day",
    ("staffed-weekdays", None): "hours of the week taken together by weekday",
    ("funnel-course-table", "Bereikt"): "who they are is counted in tests/pages/test_funnels.py",
    ("explanations", None): "numbers of the tiles above",
    ("causes-table", None): "a cause that is in the earlier period only: none",
    (
        "departments-table",
        None,
    ): "a department that is in the earlier period only: none; of one cause the share of all is 100",
}

#: Figures that must have points to click, per page.
CLICKED = {
    "avoidable-causes": {"departments"},
    "process-request-lead": {"curve"},
    "process-request-work": {"cases-flow"},
    "avoidable-back": {"chain"},
    "avoidable-valuable": {"categories"},
    "reach": {"clock", "staffed-weeks"},
    "channels": {"channel-gap"},
    "customers": {"flow", "churn-after", "churn-has_portal"},
    "customers-stay": {"retention"},
    "customers-contact": {"contact-has_portal"},
    "customers-sold": {"sold"},
}


@dataclass
class Page:
    """One page as it was shown."""

    visit: walk.Visit
    blocks: dict[str, seen.Node]
    #: Per figure that can be clicked: the filters, and the points by their keys.
    clicks: dict[str, tuple[Filters, Mapping[str, drill.Point]]]
    #: Per figure the keys that its points tell when they are clicked.
    told: dict[str, set[str]]
    #: What can be taken along.
    tables: list[Table]

    def __iter__(self) -> Iterator[tuple[str, seen.Node, list[seen.Number]]]:
        for key, block in self.blocks.items():
            yield key, block, seen.numbers(block)


@pytest.fixture(scope="module")
def looked_at() -> dict[str, Page]:
    """Pages shown already: three tests look at each."""
    return {}


@pytest.fixture
def shown(
    demo_shown: Store,
    quiet_places: None,
    monkeypatch: pytest.MonkeyPatch,
    looked_at: dict[str, Page],
    request: Any,
) -> Page:
    """What a page shows of our own."""
    module, query = request.param
    known = walk.named(request.param)
    if known in looked_at:
        return looked_at[known]
    blocks: dict[str, seen.Node] = {}
    monkeypatch.setattr(
        components,
        "_bulletin",
        lambda key, data, **_more: blocks.update({key: seen.read(data["html"])}),
    )
    clicks: dict[str, tuple[Filters, Mapping[str, drill.Point]]] = {}
    told: dict[str, set[str]] = {}
    below, plot = drill.below, page.plot

    def kept(filters: Filters, chart: str, points: Mapping[str, drill.Point]) -> Any:
        clicks[chart] = (filters, points)
        return below(filters, chart, points)

    def drawn(figure: Any, sentence: str, key: str, choose: Any = None) -> None:
        told[key] = (
            set(figure.marks)
            if isinstance(figure, Drawn)
            else {
                one if isinstance(one, str) else one[0]
                for trace in figure.data
                for one in (trace.customdata if trace.customdata is not None else ())
            }
        )
        plot(figure, sentence, key, choose)

    tables: list[Table] = []
    keep = shelf.keep
    monkeypatch.setattr(
        shelf, "keep", lambda table, *more: tables.append(table) or keep(table, *more)
    )
    monkeypatch.setattr(drill, "below", kept)
    monkeypatch.setattr(page, "plot", drawn)
    app = alone.run(module, lang="nl", since=SINCE, until=UNTIL, **query)
    assert not app.exception, app.exception
    looked_at[known] = Page(request.param, blocks, clicks, told, tables)
    return looked_at[known]


every_page = pytest.mark.parametrize(
    "shown", [*walk.VISITS, *walk.FILTERED], indirect=True, ids=walk.named
)


def test_every_page_of_the_menu_is_walked() -> None:
    walked = {module.partition(".")[2] for module, _query in walk.VISITS}
    assert walked | set(walk.WITHOUT) == walk.shown_by_the_shell()


@every_page
def test_it_has_its_definition_its_date_and_its_rows(shown: Page, demo_shown: Store) -> None:
    looked = 0
    for key, block, found in shown:
        defined = {
            parse_qs(urlsplit(href).query)["kpi"][0]
            for href in seen.links(block)
            if href.startswith("definitions?")
        }
        for number in found:
            asked = dict(parse_qsl(number.asked))
            assert asked["kpi"] in defined, (key, number)
            looked += 1
        if found:
            assert "2025" in block.text(), (key, "no as-of")
        for number in sample([one for one in found if one.count is not None]):
            href = next(href for href in number.links if href.startswith("rows?"))
            query = asked_in(urlsplit(href).query)
            rows = numbers.rows(
                demo_shown,
                query["kpi"],
                filters_of(query),
                {name: query[name] for name in BESIDES if name in query},
                query.get("part", ""),
                most=1,
            )
            assert rows.total == number.count, (key, number)
    assert looked >= (2 if shown.visit[0] == "manage.definitions" else 5)


@every_page
def test_a_click_offers_exactly_the_rows_of_what_was_clicked(
    shown: Page, demo_shown: Store
) -> None:
    there = {chart for chart, (_filters, points) in shown.clicks.items() if points}
    assert CLICKED.get(walk.named(shown.visit), set()) <= there
    for chart, (filters, points) in shown.clicks.items():
        assert set(points) <= shown.told[chart], chart
        for point in list(points.values())[:: max(1, len(points) // 4)]:
            one, kpi = point.one, KPIS[point.one.kpi]
            part = point.part or parts_of(kpi)[0]
            count = counted(kpi, one, part)
            found = numbers.rows(
                demo_shown, kpi.name, point.filters or filters, one.by, part, most=1
            )
            if count is not None:
                assert found.total == count, (chart, point)
            if one.unit is Unit.COUNT and kpi.unit is not Unit.COUNT:
                # A number of rows, not the KPI's own: what is said is what is offered.
                assert one.value == count, (chart, point)


@every_page
def test_it_is_what_show_prints(shown: Page, demo_shown: Store) -> None:
    printed: dict[str, dict[str, Any]] = {}
    wrong = []
    for key, _block, found in shown:
        for number in sample(found):
            if "longer=" in number.asked:
                continue  # `show` counts none of these: their rows are counted above
            if number.asked not in printed:
                printed[number.asked] = answer(demo_shown, number.asked, number.what)
            if "kpi=funnel" in number.asked:
                printed[number.asked] = answer(demo_shown, number.asked, number.what)
            one = printed[number.asked]
            with use("nl"):
                allowed = written(one, number.what)
            if number.text.replace("\u00a0", " ") not in allowed:
                wrong.append((key, number.text, number.what, number.asked, sorted(allowed)))
    assert not wrong, wrong


@every_page
def test_a_picture_says_what_it_is_of_and_of_when(shown: Page) -> None:
    for key, block, _found in shown:
        for offer in (one for one in block.all() if one.attributes.get("data-picture")):
            assert offer.attributes["data-title"], key
            assert "2025" in offer.attributes["data-about"], key
            assert "peildatum" in offer.attributes["data-about"], key


@every_page
def test_no_figure_stands_loose(shown: Page) -> None:
    loose = [
        (key, head, text)
        for key, block, _found in shown
        for head, text in seen.loose(block)
        # Of none there are no rows.
        if text != "0"
        and head not in LOOSE
        and not any(key.startswith(start) and of in {None, head} for start, of in LOOSE_IN)
    ]
    assert not loose


@pytest.mark.parametrize(
    "shown",
    [*walk.VISITS, *walk.FILTERED, ("manage.quality", {})],
    indirect=True,
    ids=walk.named,
)
def test_no_number_is_taken_along_as_text(shown: Page) -> None:
    assert shown.tables
    wrong = []
    with use("nl"):
        for table in shown.tables:
            figures = {column.title for column in table.columns if column.figures}
            book = book_of(table)
            for row in book.rows:
                for head, cell in zip(book.heads, row, strict=True):
                    if not isinstance(cell, str):
                        continue
                    one = read(cell)
                    # Bare digits in a column of words are ids.
                    number = one is not None and (one.unit or head.title in figures)
                    if number or is_change(cell):
                        wrong.append((table.caption, head.title, cell))
    assert not wrong


def sample(found: list[seen.Number]) -> list[seen.Number]:
    """Some of many, spread."""
    step = max(1, len(found) // MOST)
    return found[::step]


def filters_of(query: dict[str, str]) -> Filters:
    kept = {
        name: ["" if value == "-" else value for value in query[name].split(BETWEEN)]
        for name in DIMENSIONS
        if name in query
    }
    asked, refused = Filters.from_query(
        {name: [query[name]] for name in ("since", "until") if name in query}
    )
    assert not refused
    return Filters.of(asked.since, asked.until, **kept)


def asked_in(address: str) -> dict[str, str]:
    """The query of an address; several values of one filter as one text."""
    found = parse_qs(address, keep_blank_values=True)
    return {name: BETWEEN.join(values) for name, values in found.items()}


def answer(store: Store, asked: str, what: str) -> dict[str, Any]:
    """What the command line prints for the question that a number says it answers."""
    query = asked_in(asked)
    said: list[str] = []

    class Emit:
        out = staticmethod(said.append)
        err = staticmethod(lambda _text: None)

    # What is told apart is asked for apart; all else is kept.
    by = [name for name in query.get("by", "").split(",") if name]
    where = [
        f"{name}={'null' if value == '-' else value}"
        for name in DIMENSIONS
        if name in query and name not in by
        for value in query[name].split(BETWEEN)
    ]
    days = {"since": query["since"], "until": query["until"]}
    if query["kpi"] == "funnel":
        arguments = {"name": query["funnel"], "as": "json", **days}
        assert funnel(store, arguments, Emit()) == 0  # type: ignore[arg-type]
        position = int(what.partition(".")[0])
        return {**json.loads("".join(said))[position - 1], "kpi": "funnel"}
    by += ["weekday_hour"] if "weekday_hour" in query else []
    group = {name: None if query[name] == "-" else query[name] for name in by}
    arguments = {"kpis": [query["kpi"]], "by": by, "where": where, "as": "json", **days}
    assert show(store, arguments, Emit()) == 0  # type: ignore[arg-type]
    records = json.loads("".join(said))
    [one] = [each for each in records if each["by"] == group]
    found: dict[str, Any] = one
    return found


def written(one: dict[str, Any], what: str) -> set[str]:
    """A number of an answer in the ways a page may write it: unit and digits differ, not the number."""
    kpi = KPIS[one["kpi"]]
    if one["kpi"] == "funnel":
        value = one[what.partition(".")[2]]
    elif what.startswith("moments."):
        value = one["moments"][what.removeprefix("moments.")]
    elif what == "every":
        value = one["n"] + one["left_out"]
    elif what == "missed":
        value = one["denominator"] - one["numerator"]
    else:
        value = one[what]
    low, high = (one.get("low"), one.get("high")) if what == "value" else (None, None)
    unit = kpi.unit if what == "value" else Unit.COUNT
    ways = {
        formats.value(value, unit, low, high),
        formats.value(value, kpi.unit, one.get("low"), one.get("high")),
    }
    if value is not None:
        for places in (0, 1, 2):
            ways |= {
                formats.value(value, unit, places=places), formats.number(value, places),
                formats.percent(value, places), formats.euro(value, places),
                formats.value(100 * value, Unit.COUNT, places=places) if what == "call_to_online" else "",
                f"{formats.number(value, places)} u",
            }  # fmt: skip
        ways |= {formats.seconds(value), formats.duration(value), formats.days(value, 1)}
        # Finer, where it would read the same as the limit that it passes.
        ways |= {formats.in_hours(value, places) for places in (1, 2)}
        ways |= {f"+{way}" for way in ways} | {way.replace("-", "−") for way in ways}
    return {way.replace("\u00a0", " ") for way in ways}
