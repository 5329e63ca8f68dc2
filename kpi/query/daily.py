"""Sums kept per day: which they are, how they are made, and when they answer a question.

A kept sum goes by the SQL that makes it, as-of and everything else that decides it included. So a
sum that was made of another declaration or at another as-of answers nothing: it is not found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from kpi.filters import GRAINS
from kpi.model import Kpi, Moment
from kpi.query.groups import grouped, hours_of_week, source
from kpi.query.question import Question
from kpi.query.sums import SUMMED, Days, added_up, asked, column
from kpi.schema.prepared_sums import SLOTS, SUM_DIMENSIONS, SUM_HOURS
from kpi.tables import table

#: What sums are told apart by, the fewest rows first. The filters of every page are in the first;
#: by those of the last are kept only KPIs whose change is looked for there first (`Kpi.driver`), or
#: that a page tells apart by them (their option `kept_by`).
NARROW = ("process", "channel")
WIDE = (*NARROW, "reason")
APART = (
    ("department",), ("transferred_to",), ("moment",), (SUM_HOURS,), ("reason", "value_class"),
    ("department", "causing_department"), ("reason", "cause", "causing_department"),
)  # fmt: skip

#: A join that takes minutes over tens of millions of rows, and that hardly a page asks.
DEAR = frozenset({"passages_of_cases"})

#: Writes an expression out as SQL, with its values in it; None where it cannot.
Spell = Callable[[Any], str | None]


@dataclass(frozen=True)
class Kept:
    """Sums that were made together: of which source, told apart by what, and where each is."""

    number: int
    source: str
    date: str
    dimensions: tuple[str, ...]
    slots: Mapping[str, int]


@dataclass(frozen=True)
class Sum:
    """One sum of a KPI by its name: which it is, and of which days it is asked."""

    name: str
    fingerprint: str
    days: Days


def kept_sums() -> sa.Select[Any]:
    """Everything that is kept: kept, source, date_column, dimensions, slot, fingerprint."""
    kept = table("daily_sums_kept")
    return sa.select(kept).order_by(kept.c.kept, kept.c.slot)


def read(rows: Iterable[Mapping[str, Any]]) -> tuple[Kept, ...]:
    """What `kept_sums` selects; the fewest rows first."""
    found: dict[int, dict[str, int]] = {}
    about: dict[int, tuple[str, str, tuple[str, ...]]] = {}
    for row in rows:
        found.setdefault(row["kept"], {})[row["fingerprint"]] = row["slot"]
        about[row["kept"]] = (
            row["source"], row["date_column"], tuple(row["dimensions"].split())
        )  # fmt: skip
    every = [Kept(number, *about[number], slots) for number, slots in found.items()]
    return tuple(sorted(every, key=lambda one: len(one.dimensions)))


def can_be_kept(kpi: Kpi) -> bool:
    """Whether sums of days are kept; of customers that count once all but their numbers."""
    return kpi.kind in SUMMED and kpi.source not in DEAR


def sums_of(kpi: Kpi, at: Moment, spell: Spell) -> tuple[Sum, ...] | None:
    """All sums of a KPI that add up over days; None where they cannot be told from others."""
    of = source(kpi.source)
    whole = spell(sa.select(of))
    found = []
    for part in added_up(kpi, at, of.c):
        text = spell(part.over())
        if whole is None or text is None:
            return None
        print_of = hashlib.sha256(f"{whole}\n{text}".encode()).hexdigest()[:32]
        found.append(Sum(part.name, print_of, part.days))
    return tuple(found)


# Asking


def where_kept(question: Question, wanted: Sequence[Sum], every: Sequence[Kept]) -> Kept | None:
    """The kept sums that answer a question, of the fewest rows; None where none do."""
    kpi = question.kpi
    needed = {name for name in question.by if name not in GRAINS}
    needed |= {name for name, _values in question.where}
    if question.scope.processes is not None and "process" in source(kpi.source).c:
        needed.add("process")
    prints = {one.fingerprint for one in wanted if asked(one.name, question)}
    for kept in every:
        if (
            (kept.source, kept.date) == (kpi.source, kpi.date)
            and needed <= set(kept.dimensions)
            and prints <= kept.slots.keys()
        ):
            return kept
    return None


@dataclass(frozen=True)
class FromKept:
    """How questions of one batch are answered from kept sums: a select, and what its columns are."""

    select: sa.Select[Any]
    names: Mapping[str, str]

    def columns(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """The columns that `query.sums` would have given."""
        keys = {name: values for name, values in found.items() if name.startswith("by_")}
        return keys | {name: found[own] for name, own in self.names.items()}


def from_kept(batch: Sequence[tuple[Question, Sequence[Sum]]], kept: Kept) -> FromKept:
    """One row per combination of keys, as `query.sums`; each sum is fetched once.

    The questions may be of several periods: each has the sums of its own, null where no day of it
    has the row's keys.
    """
    first = batch[0][0]
    periods = list(dict.fromkeys(question.period for question, _every in batch))
    names: dict[str, str] = {}
    wanted: dict[str, Any] = {}
    of = _told_apart(kept.dimensions)
    for position, (question, every) in enumerate(batch):
        within: list[Any] = []
        place = periods.index(question.period)
        if len(periods) > 1:
            within.append(of.c.day.between(question.period.since, question.period.until))
        for one in every:
            if not asked(one.name, question):
                continue
            slot, days = kept.slots[one.fingerprint], one.days
            own = f"s{slot}_{days.value}_{place}"
            in_days = [*within]
            if days is not Days.ALL:
                last = question.last_told
                own = f"{own}_{last:%Y%m%d}"
                in_days.append(of.c.day <= last if days is Days.TOLD else of.c.day > last)
            if own not in wanted:
                value: Any = of.c[f"s{slot}"]
                if in_days:
                    value = sa.case((sa.and_(*in_days), value))
                wanted[own] = sa.func.sum(value).label(own)
            names[column(position, one.name)] = own
    base = grouped(first, of, "day", in_period=False)
    days_asked = [of.c.day.between(period.since, period.until) for period in periods]
    part = [of.c.kept == kept.number, sa.or_(*days_asked)]
    return FromKept(base.grouped(*wanted.values(), also=part), names)


@cache
def _told_apart(dimensions: tuple[str, ...]) -> sa.TableClause:
    """The table of sums with those dimensions only that they are told apart by.

    What has no process is not to be kept to processes. Not as a subquery: to make one takes longer
    than to read it.
    """
    sums = table("daily_sums")
    not_told = {*SUM_DIMENSIONS, SUM_HOURS} - set(dimensions)
    held = (sa.column(one.name, one.type) for one in sums.c if one.name not in not_told)
    return sa.table(sums.name, *held)


# Making


@dataclass(frozen=True)
class Making:
    """Sums to be made of one source: told apart by what, and the SQL of each in its slot.

    `of` are wider ones of the same source that they are added up from, by their dimensions; None:
    the rows themselves.
    """

    source: str
    date: str
    dimensions: tuple[str, ...]
    fingerprints: tuple[str, ...]
    rows: sa.Select[Any]

    @property
    def columns(self) -> tuple[str, ...]:
        """Of `daily_sums`, besides its number, as `rows` selects them."""
        slots = (f"s{slot}" for slot in range(len(self.fingerprints)))
        return ("day", *self.dimensions, *slots)


def makings(asked_of: Sequence[tuple[Kpi, Moment]], spell: Spell) -> list[Making]:
    """What is to be made for KPIs of one source and date, the wider before the narrow ones."""
    first = asked_of[0][0]
    there = source(first.source).c
    wide = tuple(name for name in WIDE if name in there)
    found = [_making(asked_of, wide, spell)]
    kpis = [kpi for kpi, _at in asked_of]
    for apart in APART:
        own = [(kpi, at) for kpi, at in asked_of if apart in _kept_by(kpi, kpis)]
        if own:
            narrow = tuple(name for name in NARROW if name in there)
            found.append(_making(own, (*narrow, *apart), spell))
    return [one for one in found if one is not None and one.fingerprints]


def _kept_by(kpi: Kpi, beside: Sequence[Kpi]) -> set[tuple[str, ...]]:
    """By which of `APART` its sums are kept too, for it is asked so often by what is told there."""
    asked_by = (*_led_to(kpi, beside), *kpi.options.get("kept_by", ()))
    found: set[tuple[str, ...]] = set()
    for by in asked_by:
        if not set(by) <= set(WIDE):
            # The fewest rows that tell it apart; none where nothing is kept by that.
            found.update([one for one in APART if set(by) <= {*NARROW, *one}][:1])
    return found


def _led_to(kpi: Kpi, beside: Sequence[Kpi]) -> list[tuple[str, ...]]:
    """Where a change of a KPI is looked for first, by itself or as that which another looks in."""
    return [
        one.driver.by
        for one in beside
        if one.driver is not None and (one.driver.kpi or one.name) == kpi.name
    ]


def _making(
    asked_of: Sequence[tuple[Kpi, Moment]], dimensions: tuple[str, ...], spell: Spell
) -> Making | None:
    first = asked_of[0][0]
    of = source(first.source)
    expressions: dict[str, Any] = {}
    for kpi, at in asked_of:
        every = sums_of(kpi, at, spell)
        if every is None:
            continue
        own = {
            one.fingerprint: part.over()
            for one, part in zip(every, added_up(kpi, at, of.c), strict=True)
        }
        # All sums of a KPI or none: half of them answer nothing.
        if len(expressions.keys() | own.keys()) <= SLOTS:
            expressions |= own
    keys = [of.c[first.date], *(_value(of.c, name) for name in dimensions)]
    rows = (
        sa.select(*keys, *expressions.values()).where(of.c[first.date].is_not(None)).group_by(*keys)
    )
    return Making(first.source, first.date, dimensions, tuple(expressions), rows)


def _value(columns: Any, name: str) -> Any:
    """What a row is told apart by."""
    return hours_of_week(columns) if name == SUM_HOURS else columns[name]


def narrowed(wide: Making, number: int) -> Making | None:
    """The same with less told apart, added up from what was kept under `number`."""
    dimensions = tuple(name for name in NARROW if name in wide.dimensions)
    if dimensions == wide.dimensions:
        return None
    sums = table("daily_sums")
    keys = [sums.c.day, *(sums.c[name] for name in dimensions)]
    slots = [sa.func.sum(sums.c[f"s{slot}"]) for slot in range(len(wide.fingerprints))]
    rows = sa.select(*keys, *slots).where(sums.c.kept == number).group_by(*keys)
    return Making(wide.source, wide.date, dimensions, wide.fingerprints, rows)


assert {*SUM_DIMENSIONS, SUM_HOURS} == {*WIDE, *(name for apart in APART for name in apart)}
