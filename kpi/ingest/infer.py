"""What the profile leaves open, found by looking at the values: date orders, separators, units.

Nothing that is pinned is looked for. What the values cannot prove is a doubt, and a doubt stops a
load: it is never settled by preference.
"""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from kpi.ingest import amounts, order
from kpi.ingest.amounts import NumberEvidence, NumberReading
from kpi.ingest.columns import Reading, text_sql
from kpi.ingest.order import Evidence
from kpi.ingest.problems import Said
from kpi.ingest.profiles import DateOrder, DurationUnit, Feed, Profile, Rule
from kpi.ingest.times import (
    SERIAL,
    Family,
    Needs,
    TimeReading,
    pinned_reading,
    read_shape,
    serial_day,
    shape_sql,
)
from kpi.schema import TABLES, Column, Type
from kpi.store.scratch import Scratch
from kpi.text import N_

#: Which column: the feed's number and the column's name.
Place = tuple[int, str]
#: Shapes of one column that are looked at; a column of dates has far fewer.
_MOST_SHAPES = 500
#: Two-digit years as the engine reads them (POSIX): 69-99 are of the last century.
ISO = TimeReading(
    local=("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%n",
           "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%n"),
    absolute=("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%dT%H:%M%z"),
)  # fmt: skip


@dataclass
class Inferred:
    """How every column is written.

    Attributes:
        readings: per column.
        reasons: per column, why, as message ids with values.
        doubts: what the values cannot prove.
        guessed: columns whose reading was found by looking, and may have to be found again.
        order: the date order of the file, where it was proven or is suggested.
        decimal: the same of the decimal character.
        evidence: per column of times, what its values say of each order.
        numbers: per column of numbers, how its values are separated.
    """

    readings: dict[Place, Reading] = field(default_factory=dict)
    reasons: dict[Place, list[Said]] = field(default_factory=dict)
    doubts: list[Said] = field(default_factory=list)
    guessed: set[Place] = field(default_factory=set)
    order: DateOrder | None = None
    decimal: str | None = None
    evidence: dict[Place, tuple[Evidence, ...]] = field(default_factory=dict)
    numbers: dict[Place, NumberEvidence] = field(default_factory=dict)


@dataclass
class _Seen:
    """What was seen in one column."""

    place: Place
    column: Column
    rule: Rule
    source: str
    families: list[tuple[Family, int]] = field(default_factory=list)
    orders: dict[Needs, Evidence] = field(default_factory=dict)
    numbers: NumberEvidence = field(default_factory=NumberEvidence)
    clocks: int = 0
    values: int = 0
    serial: str = ""


def infer(
    connection: Scratch,
    relation: str,
    profile: Profile,
    cells: Mapping[str, str],
    *,
    typed: bool = False,
    only: Callable[[Place], bool] = lambda _place: True,
) -> Inferred:
    """Look at the values in `relation` for what the profile does not pin.

    Args:
        connection: a scratch database that can read it.
        relation: SQL that gives c0, c1, …
        profile: what is pinned.
        cells: name in the file → its column in `relation`.
        typed: the values come from typed cells: numbers have decimal points.
        only: columns to look at; the others are read as ISO and with points.
    """
    found = Inferred()
    seen = [
        _look(connection, relation, place, column, rule, profile, cells)
        for place, column, rule in _columns(profile)
        if only(place)
    ]
    for one in seen:
        found.evidence[one.place] = tuple(one.orders.values())
        found.numbers[one.place] = one.numbers
    _settle_orders(found, seen, profile)
    _settle_numbers(found, seen, profile, typed=typed)
    return found


def _columns(profile: Profile) -> Iterable[tuple[Place, Column, Rule]]:
    for number, feed in enumerate(profile.feeds):
        yield from feed_columns(number, feed)


def feed_columns(number: int, feed: Feed) -> Iterable[tuple[Place, Column, Rule]]:
    """The columns of a feed, as the schema knows them."""
    table = TABLES[feed.table]
    for name, rule in feed.columns.items():
        yield (number, name), table.by_name[name], rule


def _look(
    connection: Scratch,
    relation: str,
    place: Place,
    column: Column,
    rule: Rule,
    profile: Profile,
    cells: Mapping[str, str],
) -> _Seen:
    seen = _Seen(place, column, rule, " + ".join(rule.named) or column.name)
    if rule.format or column.type in {Type.TEXT, Type.BOOLEAN}:
        return seen
    text = text_sql(rule, cells, profile.read)
    values = f"(SELECT {text} AS t FROM {relation})"
    if column.type in {Type.DATE, Type.TIMESTAMP}:
        _look_at_times(connection, values, seen)
    else:
        row = connection.execute(amounts.evidence_sql(values)).fetchone()
        seen.numbers = NumberEvidence(*map(int, row or ()))
        if column.name.endswith("_s"):
            sql = f"SELECT count(*) FILTER (WHERE t LIKE '%:%'), count(t) FROM {values}"
            seen.clocks, seen.values = connection.execute(sql).fetchone() or (0, 0)
    return seen


def _look_at_times(connection: Scratch, values: str, seen: _Seen) -> None:
    shapes = connection.execute(
        f"SELECT shape, count(*) FROM (SELECT {shape_sql('t')} AS shape FROM {values}"
        f" WHERE t IS NOT NULL AND length(t) < 60) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_MOST_SHAPES}"
    ).fetchall()
    by_format: dict[Family, int] = {}
    for shape, count in shapes:
        seen.values += count
        family = read_shape(shape)
        if family is not None:
            by_format[family] = by_format.get(family, 0) + count
    if shapes and not by_format:
        row = connection.execute(
            f"SELECT count(*), min(t) FROM {values} WHERE regexp_full_match(t, '{SERIAL}')"
        ).fetchone()
        if row and row[0] > 0.9 * seen.values:
            seen.serial = str(row[1])
    seen.families = sorted(by_format.items(), key=lambda pair: -pair[1])
    for needs in {family.needs for family, _ in seen.families} - {Needs.NOTHING}:
        row = connection.execute(order.evidence_sql(needs, values)).fetchone() or (0,)
        impossible = {
            one: int(row[0]) - int(fits)
            for one, fits in zip(order.orders_of(needs), row[1:], strict=True)
        }
        seen.orders[needs] = Evidence(int(row[0]), impossible)


# -- dates -----------------------------------------------------------------------------------

#: Kinds that tell of each other's order: who writes 31-12-2026 writes 31-12-26 as well.
_TELLING = (Needs.ORDER, Needs.ORDER_SHORT)


def _settle_orders(found: Inferred, seen: list[_Seen], profile: Profile) -> None:
    pinned = profile.read.date_order
    of_file = _order_of_file(seen)
    found.order = pinned or of_file or _proven_elsewhere(seen)
    for one in seen:
        if one.column.type not in {Type.DATE, Type.TIMESTAMP}:
            continue
        if one.rule.format:
            found.readings[one.place] = Reading(times=pinned_reading(one.rule.format))
            continue
        if one.serial:
            found.doubts.append((SERIALS, {"column": one.source, "example": one.serial,
                                           "day": serial_day(one.serial).isoformat()}))  # fmt: skip
        orders: dict[Needs, DateOrder] = {}
        for needs, evidence in one.orders.items():
            settled = pinned or _settled(found, one, needs, evidence, of_file)
            if settled is not None:
                orders[needs] = settled
            if pinned and needs is Needs.ORDER_COMPACT and evidence.proven:
                # Eight digits with the year first are ISO, whatever the order of the others.
                orders[needs] = evidence.proven
        families = [family for family, _ in one.families]
        reading = order.reading_of(families, orders)
        found.readings[one.place] = Reading(times=reading if families else ISO)
        found.guessed.add(one.place)


def _order_of_file(seen: list[_Seen]) -> DateOrder | None:
    proven = {
        evidence.proven
        for one in seen
        for needs, evidence in one.orders.items()
        if needs in _TELLING and evidence.proven
    }
    return proven.pop() if len(proven) == 1 else None


def _proven_elsewhere(seen: list[_Seen]) -> DateOrder | None:
    """An order that is proven only by dates with month names or of eight digits."""
    proven = {one for column in seen for found in column.orders.values() if (one := found.proven)}
    return proven.pop() if len(proven) == 1 else None


def _settled(
    found: Inferred, one: _Seen, needs: Needs, evidence: Evidence, of_file: DateOrder | None
) -> DateOrder | None:
    reasons = found.reasons.setdefault(one.place, [])
    if proven := evidence.proven:
        reasons.append(_proof(evidence, proven))
        return proven
    fitting = evidence.fitting
    if of_file in fitting and needs in _TELLING:
        reasons.append((ORDER_OF_FILE, {"order": in_words(of_file)}))
        return of_file
    if not fitting:
        found.doubts.append((MIXED_ORDER, {"column": one.source}))
        return None
    if len(fitting) == 1:
        # It fits, and the others fit too seldom to disprove them: too few values to prove it.
        reasons.append(_proof(evidence, fitting[0]))
        return fitting[0]
    message = OPEN_SHORT if needs in {Needs.ORDER_SHORT, Needs.ORDER_NAMED} else OPEN_ORDER
    found.doubts.append(
        (message, {"column": one.source, "orders": ", ".join(fitting), "order": fitting[0].value})
    )
    found.order = found.order or fitting[0]
    return fitting[0]


def _proof(evidence: Evidence, order: DateOrder) -> Said:
    """Why it is this order: how many dates there are that each other order makes impossible."""
    others = [count for one, count in evidence.impossible.items() if one is not order]
    return PROVEN_ORDER, {"order": in_words(order), "n": min(others, default=evidence.values)}


#: Orders as people say them.
_ORDERS = {
    DateOrder.DMY: N_("day-month-year"),
    DateOrder.MDY: N_("month-day-year"),
    DateOrder.YMD: N_("year-month-day"),
}


def in_words(order: DateOrder) -> list[str]:
    """An order for a sentence: a list, so that it is translated where it is said."""
    return [_ORDERS[order]]


PROVEN_ORDER = N_("dates that fit no other order than {order}: {n}")
ORDER_OF_FILE = N_("other dates in the file are in the order {order}")
OPEN_ORDER = N_(
    "{column}: no day is above 12, so day and month cannot be told apart."
    ' Say it in the profile: [read] date_order = "{order}".'
)
OPEN_SHORT = N_(
    "{column}: years are written with two digits, and the dates can be read as {orders}."
    ' Say it in the profile: [read] date_order = "{order}".'
)
SERIALS = N_(
    "{column}: the values are day numbers of a spreadsheet: {example} stands for {day}. Save the"
    ' column as dates there, or say it in the profile: format = "excel".'
)
MIXED_ORDER = N_(
    "{column}: some dates fit only day-month, others only month-day."
    ' Look into the source, or say it in the profile: [read] date_order = "dmy".'
)


# -- numbers ---------------------------------------------------------------------------------


def _settle_numbers(found: Inferred, seen: list[_Seen], profile: Profile, *, typed: bool) -> None:
    read = profile.read
    pool = NumberEvidence()
    for one in seen:
        pool.add(one.numbers)
    decimal, thousands = read.decimal, read.thousands
    if typed:
        decimal, thousands = ".", None
    elif thousands and not decimal:
        decimal = amounts.other(thousands)
    found.decimal = decimal or pool.proven
    for one in seen:
        if one.column.type not in {Type.NUMBER, Type.INTEGER}:
            continue
        unit = one.rule.unit or DurationUnit.S
        if decimal:
            between = thousands or (None if typed else amounts.other(decimal))
            found.readings[one.place] = Reading(numbers=NumberReading(decimal, between), unit=unit)
            continue
        settled = one.numbers.proven or pool.proven
        found.guessed.add(one.place)
        if one.numbers.separated and settled is None:
            found.doubts.append((OPEN_DECIMAL, {"column": one.source}))
            settled = "."
        elif settled:
            found.reasons.setdefault(one.place, []).append((DECIMAL, {"decimal": settled}))
        between = amounts.other(settled) if settled else None
        found.readings[one.place] = Reading(numbers=NumberReading(settled, between), unit=unit)


DECIMAL = N_("the decimal character is {decimal}")
OPEN_DECIMAL = N_(
    "{column}: values like 1.234 can be a thousand or a little more than one."
    ' Say it in the profile: [read] decimal = "," or ".".'
)
