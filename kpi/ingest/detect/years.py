"""Years of two digits: which number is the year, and what says so.

The reading itself is proven or pinned elsewhere (`kpi.ingest.order`); here it is shown, and held
against a column of the file that says the month, where there is one.
"""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kpi.findings import Evidence, Finding, Severity
from kpi.ingest import notes
from kpi.ingest.detect.scene import FEW, MEANT, VALUE, Scene
from kpi.ingest.times import MONTHS
from kpi.schema import Type
from kpi.schema.synonyms import fold
from kpi.store.scratch import quoted
from kpi.text import N_

#: Headers of a column that says the month.
_MONTH_HEADERS = frozenset(
    {"month", "maand", "mnd", "monthnumber", "maandnummer", "monthno", "maandnr"}
)
_AGREES, _DISAGREES = 0.98, 0.9

MONTH_AGREES = N_("{column}: read so, the month is that of {other} in {n} of {all} rows.")
MONTH_DISAGREES = N_(
    "{column}: read so, the month is that of {other} in only {n} of {all} rows."
    " Day, month and year may have been taken for each other."
)
SHORT_ADVICE = N_("See whether the dates below are read as they were meant.")
ORDER_ADVICE = N_('Say the order in the profile: [read] date_order = "dmy", "mdy" or "ymd".')


def finds(scene: Scene, _told: Mapping[str, Any]) -> Iterator[Finding]:
    """What is said of two-digit years, and of columns that name the month."""
    for name in scene.times:
        reading = scene.inferred.readings.get((scene.stage.number, name))
        low, high = scene.stage.bounds.get(name, (None, None))
        if reading and reading.times.short_year and low and high:
            yield scene.finding(
                "short_years", notes.SHORT_YEARS, SHORT_ADVICE, column=name,
                severity=Severity.NOTE, first=str(low.year), last=str(high.year),
                evidence=_as_read(scene, name),
            )  # fmt: skip
        if low and (name in scene.table.fact_times or scene.by_name[name].column.type is Type.DATE):
            yield from _month_beside(scene, name)


def _as_read(scene: Scene, name: str) -> Evidence:
    """Some values of the file, and the days they are read as."""
    one = scene.by_name[name]
    value = f"coalesce(v, {one.absolute})" if one.absolute else "v"
    rows = scene.fetch(
        f"SELECT DISTINCT t{one.place}, {value} FROM (SELECT t{one.place}, {one.value} AS v FROM"
        f" (SELECT {one.text} AS t{one.place} FROM {scene.raw.relation} LIMIT 2000))"
        f" WHERE {value} IS NOT NULL ORDER BY 1 DESC LIMIT 5"
    )
    return Evidence((VALUE, MEANT), tuple((text[:80], read.date()) for text, read in rows))


def _month_beside(scene: Scene, name: str) -> Iterator[Finding]:
    """Whether a column that names the month agrees."""
    own = set(scene.by_name[name].rule.named)
    beside = [
        (header, f"c{at}")
        for at, header in enumerate(scene.raw.names)
        if fold(header) in _MONTH_HEADERS and header not in own
    ]
    if not beside:
        return
    header, cell = beside[0]
    words = " ".join(
        f"WHEN {quoted(word)} THEN {_NUMBERS[short]}" for word, short in MONTHS.items()
    )
    said = f"coalesce(TRY_CAST(trim({cell}) AS INTEGER), CASE lower(trim({cell})) {words} END)"
    one = scene.by_name[name]
    value = f"coalesce(v, {one.absolute})" if one.absolute else "v"
    agree, rows = scene.row(
        f"SELECT count(*) FILTER (WHERE month({value}) = said), count(*) FROM"
        f" (SELECT t{one.place}, {one.value} AS v, said FROM"
        f" (SELECT {one.text} AS t{one.place}, {said} AS said FROM {scene.raw.relation}))"
        f" WHERE said BETWEEN 1 AND 12 AND {value} IS NOT NULL"
    )
    if rows < FEW or _AGREES > agree / rows > _DISAGREES:
        return
    agrees = agree / rows >= _AGREES
    reading = scene.inferred.readings.get((scene.stage.number, name))
    short = bool(reading and reading.times.short_year)
    open_order = any(
        len(found.fitting) > 1
        for found in scene.inferred.evidence.get((scene.stage.number, name), ())
    )
    if agrees and not (open_order or short):
        return
    yield scene.finding(
        "month_beside", MONTH_AGREES if agrees else MONTH_DISAGREES,
        "" if agrees else ORDER_ADVICE, column=name, rows=rows - agree,
        severity=Severity.NOTE if agrees else Severity.WRONG, other=header, n=agree, all=rows,
    )  # fmt: skip


_NUMBERS = {
    name: at
    for at, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
