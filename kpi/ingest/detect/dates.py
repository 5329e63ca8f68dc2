"""Days that stand for something else: 1900-01-01, 9999-12-31, and days that are yet to come."""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from kpi.findings import Evidence, Finding, Severity, Word
from kpi.ingest.detect.scene import FEW, LINE, SHOWN, VALUE, Scene
from kpi.ingest.times import SERIAL, serial_day
from kpi.staged import ROW
from kpi.store.scratch import identifier, quoted
from kpi.text import N_

#: Days that systems write for "never", "not yet" and "nobody knows".
_NEVER = (
    date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1901, 1, 1), date(1970, 1, 1),
    date(2099, 12, 31), date(2100, 1, 1), date(2100, 12, 31),
)  # fmt: skip
_EARLY, _LATE = 1970, 2099

PLACEHOLDERS = N_(
    "{column}: {n} rows hold a date that stands for “none”, like {example}; it is read as a real day."
)
REFUSED = N_("{column}: {n} rows were set aside for a date that stands for “none”, like {example}.")
PLACEHOLDER_ADVICE = N_(
    'Say in the profile that it means nothing: {name} = {{ from = "{column}",'
    ' missing = ["{written}"] }}.'
)
FUTURE = N_("{column}: {n} rows lie in the future, the last on {day}.")
FUTURE_ADVICE = N_(
    "See whether day and month, or the year, were read as they were meant, and whether these are"
    " plans instead of facts."
)
SERIALS = N_(
    "{column}: {n} rows were set aside for a day number of a spreadsheet, like {example}: it stands"
    " for {day}."
)
SERIAL_ADVICE = N_(
    "Make the whole column dates in the spreadsheet and save it anew, so that all are written alike."
)
AS_WRITTEN = Word(N_("As written"))


def asks(scene: Scene) -> Mapping[str, str]:
    """Rows with such days, per column of times."""
    never = ", ".join(f"DATE '{day}'" for day in _NEVER)
    wanted = {}
    for name in scene.times:
        local = scene.local(name)
        low, high = scene.stage.bounds.get(name, (None, None))
        # What lies between the earliest and the latest is known already.
        if low and high and (low.year <= _EARLY or high.year >= _LATE):
            wanted[f"{name} never"] = f"count(*) FILTER (CAST({local} AS DATE) IN ({never}))"
        if high and high > scene.now and name in scene.table.fact_times:
            wanted[f"{name} future"] = f"count(*) FILTER ({local} > {_tomorrow(scene)})"
    return wanted


def _tomorrow(scene: Scene) -> str:
    return f"TIMESTAMP {quoted((scene.now + timedelta(days=1)).isoformat(sep=' '))}"


def finds(scene: Scene, told: Mapping[str, Any]) -> Iterator[Finding]:
    """What stands for something else, per column of times."""
    for name in scene.times:
        # A birthday of the calendar may be a real day; many of them are none.
        if told.get(f"{name} never", 0) >= max(2, scene.rows // 500):
            yield _placeholders(scene, name, told[f"{name} never"])
        if told.get(f"{name} future"):
            yield _future(scene, name, told[f"{name} future"])


def _placeholders(scene: Scene, name: str, n: int) -> Finding:
    never = ", ".join(f"DATE '{day}'" for day in _NEVER)
    condition = f"CAST({scene.local(name)} AS DATE) IN ({never})"
    whole = f"(SELECT *, row_number() OVER () - 1 AS _n FROM {scene.raw.relation})"
    written = _written(scene, _text_of(scene, name, whole, f"_bad = 0 AND {condition}"))
    return scene.finding(
        "placeholder_dates", PLACEHOLDERS, PLACEHOLDER_ADVICE, column=name,
        severity=Severity.WRONG if name in scene.table.fact_times else Severity.CHECK, rows=n, n=n,
        name=name, example=written[0][1], written=written[0][1],
        evidence=Evidence((LINE, AS_WRITTEN), written),
    )  # fmt: skip


def _future(scene: Scene, name: str, n: int) -> Finding:
    local = scene.local(name)
    (last,) = scene.row(f"SELECT max({local}) FROM {scene.good}")
    key = [one for one in scene.table.key[:1] if one in scene.by_name]
    return scene.finding(
        "future", FUTURE, FUTURE_ADVICE, column=name, rows=n, n=n,
        severity=Severity.WRONG if n * 20 > scene.rows >= FEW else Severity.CHECK,
        day=last if not hasattr(last, "date") else last.date(),
        evidence=scene.lines(f"{local} > {_tomorrow(scene)}", [*key, name]),
    )  # fmt: skip


def unread(scene: Scene) -> Iterator[Finding]:
    """Of the rows that were set aside for a date: what those dates are. Costs nothing without any."""
    if not scene.stage.bad_rows:
        return
    for name in scene.times:
        one = scene.by_name[name]
        bad = f"_bad & {1 << one.place} <> 0 AND NOT _out"
        value = (
            identifier(name)
            if not one.absolute
            else f"coalesce({identifier(name)}, {identifier(name + ' utc')})"
        )
        (n,) = scene.row(
            f"SELECT count(*) FROM {scene.stage.typed} WHERE {bad} AND"
            f" (year({value}) < 1900 OR year({value}) > 2100)"
        )
        if n:
            readable = f"{bad} AND {value} IS NOT NULL"
            written = _written(scene, _text_of(scene, name, scene.stage.rows_aside, readable))
            yield scene.finding(
                "placeholder_dates", REFUSED, PLACEHOLDER_ADVICE, column=name, rows=n, n=n,
                name=name, example=written[0][1], written=written[0][1],
                evidence=Evidence((LINE, AS_WRITTEN), written),
            )  # fmt: skip
        none = _text_of(scene, name, scene.stage.rows_aside, f"{bad} AND {value} IS NULL")
        written = _written(scene, none, matching=SERIAL)
        if written:
            (n,) = scene.row(f"SELECT count(*) FROM {none} WHERE regexp_full_match(t, '{SERIAL}')")
            if n >= 0.9 * scene.stage.result.rows:
                # Nearly all of them: that is a question of how the column is read.
                continue
            example = str(written[0][1])
            yield scene.finding(
                "day_numbers", SERIALS, SERIAL_ADVICE, column=name, rows=n, n=n, example=example,
                day=serial_day(example), evidence=Evidence((LINE, VALUE), written),
            )  # fmt: skip


def _text_of(scene: Scene, name: str, cells: str, condition: str) -> str:
    """SQL of `_n` and the text of a column, of the rows of `cells` that fulfil a condition.

    The condition is over the typed rows.
    """
    return (
        f"(SELECT _n, {scene.by_name[name].text} AS t FROM {cells}"
        f" SEMI JOIN (SELECT rowid AS _n FROM {scene.stage.typed} WHERE {condition}) USING (_n))"
    )


def _written(scene: Scene, texts: str, matching: str = ".*") -> tuple[tuple[int, str], ...]:
    """Lines on which the first of some texts stand, with what stands there."""
    rows = f"(SELECT * FROM {texts} WHERE regexp_full_match(t, '{matching}') ORDER BY _n LIMIT {SHOWN})"
    return tuple(
        (int(line), text[:60])
        for line, text in scene.fetch(f"SELECT {ROW}, t FROM {scene.stage.lined(rows)} ORDER BY _n")
    )
