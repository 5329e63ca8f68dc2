"""Every number that a page shows is the one that `ketenzicht show` prints for the same filter."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from kpi import formats
from kpi.bulletin.tables import Shown, Table, Value
from kpi.commands.show import show
from kpi.filters import Filters
from kpi.i18n import _, use
from kpi.measures import KPIS
from kpi.model import TOO_FEW
from kpi.store import Store
from pages.shared import data, drill, page, places
from tests.pages import alone

SINCE, UNTIL = date(2025, 6, 1), date(2025, 8, 31)
ASKED = {"since": SINCE.isoformat(), "until": UNTIL.isoformat(), "lang": "nl"}


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> dict[str, Table]:
    """Every table that a page shows, by its key."""
    found: dict[str, Table] = {}
    monkeypatch.setattr(page, "table", lambda shown, key, **_more: found.update({key: shown}))
    return found


def printed(
    store: Store, *names: str, by: tuple[str, ...] = (), **more: Any
) -> list[dict[str, Any]]:
    """What the command line prints, as JSON."""
    said: list[str] = []

    class Emit:
        out = staticmethod(said.append)
        err = staticmethod(lambda _text: None)

    asked = {"kpis": list(names), "by": list(by), "as": "json", **ASKED, **more}
    assert show(store, asked, Emit()) == 0  # type: ignore[arg-type]
    found: list[dict[str, Any]] = json.loads("".join(said))
    return found


def text(cell: Value) -> str:
    return cell.text if isinstance(cell, Shown) else cell


def as_shown(record: dict[str, Any]) -> tuple[str, str]:
    kpi = KPIS[record["kpi"]]
    value = formats.value(record["value"], kpi.unit, record["low"], record["high"])
    return value, formats.number(record["n"])


def test_the_scorecard(demo_shown: Store, quiet_places: None, tables: dict[str, Table]) -> None:
    assert not alone.run("steer.overview", **ASKED).exception
    names = [kpi.name for kpi in data.headlines()]
    wanted = {}
    with use("nl"):
        titles = {_(KPIS[name].title): name for name in names}
        found = printed(demo_shown, *names, by=("process",))
        for one in (one for one in found if one["n"] >= TOO_FEW):
            beside = [other["value"] for other in found if other["kpi"] == one["kpi"]]
            with formats.alike(KPIS[one["kpi"]].unit, beside):
                wanted[data.title("process", one["by"]["process"]), one["kpi"]] = as_shown(one)
    heads = [column.title for column in tables["scorecard-table"].columns]
    told = 0
    for row in tables["scorecard-table"].rows:
        cells = dict(zip(heads, map(text, row), strict=True))
        key = (cells["Klantproces"], titles[cells["KPI"]])
        if key in wanted:
            assert (cells["Waarde"], cells["n"]) == wanted[key], key
            told += 1
    assert told >= 20


def test_the_trend(demo_shown: Store, quiet_places: None, tables: dict[str, Table]) -> None:
    app = alone.run("steer.trends", kpi="avoidable", by="process", grain="month", **ASKED)
    assert not app.exception
    with use("nl"):
        wanted = {
            (data.title("process", one["by"]["process"]), one["by"]["month"]): as_shown(one)
            for one in printed(demo_shown, "avoidable", by=("process", "month"))
        }
        months = {formats.bucket(name, "month", year=True): name for _process, name in wanted}
    rows = tables["trend-groups-table"].rows
    heads = [column.title for column in tables["trend-groups-table"].columns]
    shown = {
        (text(row[0]), months[text(row[1])]): (
            text(row[heads.index("Waarde")]), text(row[heads.index("n")])
        )
        for row in rows
    }  # fmt: skip
    assert shown == wanted


def test_rows_are_as_many_as_show_counts(
    demo_shown: Store, quiet_places: None, tables: dict[str, Table]
) -> None:
    app = alone.run("customer.rows", kpi="within_norm", process="fault", part="missed", **ASKED)
    assert not app.exception
    [one] = printed(demo_shown, "within_norm", process=["fault"])
    missed = int(one["denominator"] - one["numerator"])
    assert missed
    assert f"{missed} zaken buiten de norm" in app.title[0].value
    assert len(tables["rows"].rows) == min(missed, 50)
    # Nobody asked for an order: how they stand is seen all the same.
    [by] = [column for column in tables["rows"].columns if column.sort]
    assert (by.title, by.sort) == ("Geopend", "descending")
    assert by.href.endswith("sort=opened_at")
    # One process is chosen: it stands above, and not in every row.
    assert "Klantproces" not in [column.title for column in tables["rows"].columns]
    case = text(tables["rows"].rows[0][0])
    story = alone.run("customer.case", case=case, lang="nl")
    assert not story.exception
    assert case.replace("-", "\\-") in story.title[0].value
    assert {"deadlines", "course"} <= set(tables)


def test_a_part_without_rows_has_no_link(demo_shown, quiet_places, monkeypatch):
    """Calls are no list of their own where totals count: the link led to the online ones."""
    monkeypatch.setattr(places, "known", lambda _name: True)
    whole = Filters.of(date(2025, 6, 1), date(2025, 8, 31))
    assert drill.link("online_share", whole, part="missed") == ""
    assert "part=missed" in drill.link("within_norm", whole, part="missed")
