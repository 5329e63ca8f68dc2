"""Rijen without a browser: which of the rows are shown, and how what is not known reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpi.bulletin.rows import part
from kpi.i18n import use
from kpi.measures import KPIS, asked_by_show
from kpi.results.rows import MISSED, NUMERATOR, parts_of
from kpi.store import Store
from kpi.web import running
from tests.measures.world import world
from tests.pages import alone, seen

PERIOD = {"period": "last_three_months", "lang": "nl"}


def told(**query: str) -> list[str]:
    app = alone.run("customer.rows", kpi="avoidable", **PERIOD, **query)
    assert not app.exception
    return [one.value for one in app.markdown]


@pytest.mark.usefixtures("quiet_places")
@pytest.mark.parametrize("number", ["999999", "99999999999999999999"])
def test_a_page_after_the_last_is_the_last(
    demo_shown: Store, blocks: dict[str, seen.Node], number: str
) -> None:
    [said] = [text for text in told(page=number) if " tot en met " in text]
    first, last, total = map(int, re.findall(r"\d+", said.replace(".", "")))
    assert last == total
    assert first == (total - 1) // 50 * 50 + 1
    shown = [one for one in blocks["rows"].all() if one.tag == "tr"]
    assert len(shown) - 1 == last - first + 1


@pytest.mark.usefixtures("quiet_places", "demo_shown", "blocks")
@pytest.mark.parametrize("number", ["0", "-1", "x", "²", ""])
def test_what_is_no_page_is_the_first(number: str) -> None:
    [said] = [text for text in told(page=number) if " tot en met " in text]
    assert said.startswith("1 tot en met 50 van ")


@pytest.fixture
def untold(tmp_path: Path) -> Iterator[None]:
    """Two contacts and two cases of one customer of which hardly anything is told."""
    tables = {
        "contacts": [
            {"contact_id": "C-1", "started_at": "2026-03-03 11:00", "answered_at": "2026-03-03 11:01",
             "channel": "phone", "direction": "in", "category": "unnecessary"},
            {"contact_id": "C-2", "started_at": "2026-03-04 11:00", "answered_at": "2026-03-04 11:01",
             "channel": "phone", "direction": "in", "category": "valuable"},
        ],
        "cases": [
            {"case_id": f"Z-{n}", "customer_id": "K-1", "opened_at": "2026-03-03 11:00", "status": "open"}
            for n in range(2)
        ] + [
            {"case_id": "Z-9", "customer_id": "K-9", "opened_at": "2026-03-01 11:00",
             "status": "withdrawn"},
        ],
    }  # fmt: skip
    with world(tables, "2026-04-01 12:00", tmp_path) as store:
        running.attach(store)
        yield
        running.attach(None)


def cells(table: seen.Node) -> list[dict[str, str]]:
    """The rows of a table, by the head of each column."""
    lines = [
        [cell.text() for cell in row.all() if cell.tag in {"th", "td"}]
        for row in table.all()
        if row.tag == "tr"
    ]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


MARCH = {"since": "2026-03-01", "until": "2026-03-31", "lang": "nl"}


@pytest.mark.usefixtures("untold")
def test_what_a_row_does_not_tell_is_unknown(blocks: dict[str, seen.Node]) -> None:
    app = alone.run("customer.rows", kpi="avoidable", part="denominator", **MARCH)
    assert not app.exception
    valuable, avoidable = cells(blocks["rows"])
    for row in (valuable, avoidable):
        assert (row["Reden"], row["Klantproces"], row["Kanaal"]) == (
            "onbekend",
            "onbekend",
            "Telefoon",
        )
        assert row["Zaak"] == ""
    assert (avoidable["Oorzaak"], avoidable["Veroorzakende afdeling"]) == ("onbekend", "onbekend")
    # What could not be avoided has no cause to know.
    assert (valuable["Oorzaak"], valuable["Veroorzakende afdeling"]) == ("", "")


@pytest.mark.usefixtures("untold")
def test_a_case_says_what_is_unknown_of_it_and_of_the_others(blocks: dict[str, seen.Node]) -> None:
    app = alone.run("customer.case", case="Z-0", lang="nl")
    assert not app.exception
    about = " ".join(seen.plain(one.value) for one in [*app.caption, *app.markdown])
    assert "reden onbekend" in about
    assert "afdeling onbekend" in about
    [other] = cells(blocks["other-cases"])
    assert (other["Reden"], other["Kanaal"], other["Afdeling"]) == ("onbekend",) * 3


@pytest.mark.usefixtures("untold")
def test_a_case_that_is_not_closed_says_so(blocks: dict[str, seen.Node]) -> None:
    app = alone.run("customer.rows", kpi="lead_time", part="every", **MARCH)
    assert not app.exception
    assert [row["Gesloten"] for row in cells(blocks["rows"])] == [
        "nog open",
        "nog open",
        "ingetrokken",
    ]
    assert "Stand" not in cells(blocks["rows"])[0]


SHARES = [kpi.name for kpi in asked_by_show() if {NUMERATOR, MISSED} <= set(parts_of(kpi))]


@pytest.mark.parametrize("name", SHARES)
def test_rows_of_a_share_are_called_what_they_are(name: str) -> None:
    with use("nl"):
        said = [part(KPIS[name], one) for one in (NUMERATOR, MISSED)]
    assert len(set(said)) == 2
    assert not any("geldt" in one for one in said)
