"""Which rows of a worked example count is computed anew here, from the KPI's own conditions.

`python -m tests.test_example_rows` writes what it finds to `data/example_rows.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa

from kpi.examples import Example, example_of, kept_rows, rows_path
from kpi.measures import KPIS
from kpi.model import Kind, Kpi, Moment
from kpi.query.groups import source
from kpi.schema import TABLES
from tests.measures.world import typed, world

#: Kinds whose value is made of rows of the source, one by one.
BY_ROW = frozenset(
    {Kind.SHARE, Kind.MEAN, Kind.NPS, Kind.COUNT, Kind.SUM, Kind.PER_HOUR, Kind.PER_CUSTOMERS}
)


def told() -> Iterator[Any]:
    for kpi in KPIS.values():
        found = example_of(kpi.name)
        if kpi.kind in BY_ROW and found is not None and fed(kpi, found) is not None:
            yield pytest.param(kpi, found, id=kpi.name)


def fed(kpi: Kpi, example: Example) -> tuple[str, str] | None:
    """The table of the example whose rows are those of the KPI's source, and their key."""
    columns = source(kpi.source).c
    for name in kpi.reads:
        key = [one for one in TABLES[name].key if one != "source"]
        if name in example.tables and key[0] in columns:
            return name, key[0]
    return None


def marks(kpi: Kpi, example: Example, folder: Path) -> dict[str, str]:
    """By key: "hit", "counts" or "out", as the conditions of the KPI say of each row."""
    configuration = {
        name: [{c: typed(TABLES[name].by_name[c], v) for c, v in row.items()} for row in rows]
        for name, rows in example.configuration.items()
    }
    place = fed(kpi, example)
    assert place is not None
    table, key = place
    with world(example.tables, example.as_of, folder, configuration=configuration) as store:
        at = Moment(store.as_of(kpi.reads))
        origin = source(kpi.source)
        c = origin.c
        inside = c[kpi.date].between(example.since, example.until)
        takes_part = kpi.where(c, at) if kpi.where else sa.true()
        below = kpi.denominator(c, at) if kpi.kind is Kind.SHARE else sa.true()
        above = kpi.numerator(c, at) if kpi.kind is Kind.SHARE else sa.false()
        found = store.columns(
            sa.select(
                c[key].label("key"),
                sa.case((inside & takes_part & below, 1), else_=0).label("counts"),
                sa.case((inside & takes_part & below & above, 1), else_=0).label("hit"),
            ).select_from(origin)
        )
    said = {
        str(one): "hit" if hit else "counts" if counts else "out"
        for one, counts, hit in zip(found["key"], found["counts"], found["hit"], strict=True)
    }
    if len(said) < len(found["key"]) or not _adds_up(kpi, example, [*said.values()]):
        # Made of something else than these rows, such as the departments a case went through.
        return {}
    return {str(row[key]): said.get(str(row[key]), "out") for row in example.tables[table]}


def _adds_up(kpi: Kpi, example: Example, said: list[str]) -> bool:
    """Whether the marks give the example's value, where it is a share of rows."""
    taken = len(said) - said.count("out")
    if kpi.kind is not Kind.SHARE:
        return taken > 0
    return taken > 0 and abs(100 * said.count("hit") / taken - (example.value or 0)) < 1e-6


@pytest.mark.parametrize(("kpi", "example"), list(told()))
def test_rows_that_count_are_those_the_kpi_takes(kpi, example, tmp_path):
    found = marks(kpi, example, tmp_path)
    assert kept_rows(kpi.name) == ((fed(kpi, example)[0], found) if found else None)


def test_most_examples_say_which_rows_count():
    marked = [one.values[0].name for one in told() if kept_rows(one.values[0].name)]
    assert {"within_norm", "avoidable", "repeat_contacts", "service_level", "transfers"} <= {
        *marked
    }
    assert len(marked) > 20


def main() -> None:
    """Write the file anew."""
    made = {}
    for one in told():
        kpi, example = one.values
        with TemporaryDirectory() as folder:
            found = marks(kpi, example, Path(folder))
        if found:
            made[kpi.name] = {fed(kpi, example)[0]: found}
    rows_path().write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
