"""Numbers that are read as other numbers: decimals as thousands, and a unit that changes midway."""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log2
from typing import Any

from kpi.findings import Evidence, Finding, Severity, Word
from kpi.ingest.detect.scene import MEANT, TIMES, VALUE, Scene
from kpi.schema import Type
from kpi.store.scratch import identifier
from kpi.text import N_

#: Values like 1.234 without any other that are needed to doubt them.
_OPEN = 8
#: A median that becomes so many times larger or smaller is another unit.
_FACTOR = 25
_ENOUGH = 30

THOUSANDS = N_(
    "{column}: all {n} values have three figures behind the {mark}, like {example}, and were read as"
    " thousands. If they are decimals, each is a thousand times too large."
)
THOUSANDS_ADVICE = N_(
    'If so, say it in the profile: [read] decimal = "{mark}"; else nothing need be done.'
)
UNIT = N_(
    "{column}: from {day} on the values are about {times} times {way}. The unit seems to have"
    " changed."
)
LARGER, SMALLER = Word(N_("larger")), Word(N_("smaller"))
UNIT_ADVICE = N_(
    "Load the two periods as two files, each with its own unit in the profile (s, ms, min or hms)."
)
MONTH, TYPICAL = Word(N_("Month")), Word(N_("Typical value"))


def finds(scene: Scene, _told: Mapping[str, Any]) -> Iterator[Finding]:
    """What is odd in the numbers of a feed."""
    for name, one in scene.by_name.items():
        if one.column.type in {Type.NUMBER, Type.INTEGER} and (found := _thousands(scene, name)):
            yield found
    if scene.fact_times:
        yield from _units(scene)


def _thousands(scene: Scene, name: str) -> Finding | None:
    place = (scene.stage.number, name)
    seen, reading = scene.inferred.numbers.get(place), scene.inferred.readings.get(place)
    if seen is None or reading is None or not (mark := reading.numbers.thousands):
        return None
    open_ = seen.open_point if mark == "." else seen.open_comma
    if open_ < _OPEN or seen.comma or seen.point:
        return None
    one = scene.by_name[name]
    texts = f"(SELECT {one.text} AS t FROM {scene.raw.relation})"
    pattern = rf"[-+]?[0-9]{{1,3}}\{mark}[0-9]{{3}}"
    values, so = scene.row(
        f"SELECT count(t), count(*) FILTER (regexp_full_match(t, '{pattern}')) FROM {texts}"
    )
    if so < values:
        return None
    rows = scene.fetch(f"SELECT DISTINCT t FROM {texts} WHERE t IS NOT NULL ORDER BY 1 LIMIT 5")
    shown = tuple((text, float(text.replace(mark, ""))) for (text,) in rows)
    return scene.finding(
        "thousands", THOUSANDS, THOUSANDS_ADVICE, column=name, rows=values, n=values, mark=mark,
        example=rows[0][0], evidence=Evidence((VALUE, MEANT), shown),
    )  # fmt: skip


# -- units ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Period:
    """The durations of one month: how many, and what is typical of them."""

    start: date
    values: int
    typical: float


def _units(scene: Scene) -> Iterator[Finding]:
    names = [
        name for name, one in scene.by_name.items()
        if name.endswith("_s") and one.column.type is Type.NUMBER
    ]  # fmt: skip
    if not names:
        return
    periods = _periods(scene, names, "avg({0})")
    # Means are cheap, and led astray by one call of ten days: those that jump are looked at again.
    odd = [name for name in names if unit_change(periods[name], _FACTOR / 4)]
    for name, logs in (_periods(scene, odd, "exp(avg(ln({0})))") if odd else {}).items():
        if change := unit_change(logs):
            start, factor = change
            times = factor if factor > 1 else 1 / factor
            rows = tuple((f"{one.start:%Y-%m}", one.values, one.typical) for one in logs[:24])
            yield scene.finding(
                "unit_changes", UNIT, UNIT_ADVICE, column=name, severity=Severity.WRONG, day=start,
                times=round(times), way=LARGER if factor > 1 else SMALLER,
                evidence=Evidence((MONTH, TIMES, TYPICAL), rows),
            )  # fmt: skip


def _periods(scene: Scene, names: Sequence[str], typical: str) -> dict[str, list[Period]]:
    """Per column its months, with what is typical of each.

    Also of rows set aside for such a value: those in another unit are too long to be true.
    """
    time = scene.local(scene.fact_times[0])
    lengths = {
        name: f"CASE WHEN {identifier(name)} > 0 AND isfinite({identifier(name)})"
        f" THEN {identifier(name)} END"
        for name in names
    }
    wanted = ", ".join(f"count({one}), {typical.format(one)}" for one in lengths.values())
    rows = scene.fetch(
        f"SELECT date_trunc('month', {time})::DATE, {wanted} FROM {scene.good_but_for(names)}"
        f" AND {time} IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    return {
        name: [Period(row[0], row[1 + 2 * at], row[2 + 2 * at]) for row in rows if row[1 + 2 * at]]
        for at, name in enumerate(names)
    }


def unit_change(periods: Sequence[Period], factor: float = _FACTOR) -> tuple[date, float] | None:
    """The month from which values are many times larger or smaller, and how many times.

    >>> unit_change([Period(date(2026, m, 1), 99, 5.0 if m < 4 else 5120.0) for m in range(1, 7)])
    (datetime.date(2026, 4, 1), 1024.0)
    """
    best: tuple[float, date, float] | None = None
    for at in range(1, len(periods)):
        before, after = periods[:at], periods[at:]
        n, m = (sum(one.values for one in part) for part in (before, after))
        if min(n, m) < _ENOUGH:
            continue
        logs = [
            sum(log2(one.typical) * one.values for one in part) / k
            for part, k in ((before, n), (after, m))
        ]
        gap = logs[1] - logs[0]
        if best is None or abs(gap) > best[0]:
            best = abs(gap), periods[at].start, 2.0**gap
    if best is None or not (best[2] >= factor or best[2] <= 1 / factor):
        return None
    return best[1], best[2]
