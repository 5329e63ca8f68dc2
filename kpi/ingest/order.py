"""Which number is the day: proof from all values of a column, or an open question.

An order is proven when it makes every value a date (a typing error here and there aside) and each
other order would make many of them impossible. Days up to 12 prove nothing.
"""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as changed

from kpi.ingest.profiles import DateOrder
from kpi.ingest.times import Family, Needs, TimeReading, small

#: Share of values that another order must make impossible.
_PROOF = 0.05
#: An order that fits may have this share of values that are no dates.
_SLIPS = 0.02

_NUMBERS: Mapping[Needs, str] = {
    Needs.ORDER: r"^\D*(\d{1,2})[-/.\s](\d{1,2})[-/.\s](\d{4})",
    Needs.ORDER_SHORT: r"^\D*(\d{1,2})[-/.\s](\d{1,2})[-/.\s](\d{2})(?:\D|$)",
    Needs.ORDER_NAMED: r"^\D*(\d{1,2})[-/.\s]*[A-Za-z]+\.?[-/.,\s]*(\d{2})(?:\D|$)",
    Needs.ORDER_COMPACT: r"^(\d{8})(?:\D|$)",
}
_DAY, _MONTH, _YEAR = "BETWEEN 1 AND 31", "BETWEEN 1 AND 12", "BETWEEN 1900 AND 2100"
#: Per kind of shape and order: when a value is possible. a, b and c are its numbers.
_POSSIBLE: Mapping[Needs, Mapping[DateOrder, str]] = {
    Needs.ORDER: {
        DateOrder.DMY: f"a {_DAY} AND b {_MONTH}",
        DateOrder.MDY: f"a {_MONTH} AND b {_DAY}",
    },
    Needs.ORDER_SHORT: {
        DateOrder.DMY: f"a {_DAY} AND b {_MONTH}",
        DateOrder.MDY: f"a {_MONTH} AND b {_DAY}",
        # Nobody writes a year with one digit.
        DateOrder.YMD: f"b {_MONTH} AND c {_DAY} AND length(first) = 2",
    },
    Needs.ORDER_NAMED: {
        DateOrder.DMY: f"a {_DAY}",
        DateOrder.YMD: f"b {_DAY} AND length(first) = 2",
    },
    Needs.ORDER_COMPACT: {
        DateOrder.YMD: f"a // 10000 {_YEAR} AND a // 100 % 100 {_MONTH} AND a % 100 {_DAY}",
        DateOrder.DMY: f"a % 10000 {_YEAR} AND a // 10000 % 100 {_MONTH} AND a // 1000000 {_DAY}",
        DateOrder.MDY: f"a % 10000 {_YEAR} AND a // 10000 % 100 {_DAY} AND a // 1000000 {_MONTH}",
    },
}


@dataclass
class Evidence:
    """How many values of one kind there are, and how many each order makes impossible."""

    values: int = 0
    impossible: dict[DateOrder, int] = field(default_factory=dict)

    def add(self, other: Evidence) -> None:
        """Take the values of another column with it."""
        self.values += other.values
        for order, count in other.impossible.items():
            self.impossible[order] = self.impossible.get(order, 0) + count

    @property
    def fitting(self) -> list[DateOrder]:
        """Orders that make nearly every value a date, the likeliest in these parts first."""
        most = self.values * _SLIPS
        return [order for order in DateOrder if self.impossible.get(order, self.values + 1) <= most]

    @property
    def proven(self) -> DateOrder | None:
        """The order, where the values leave no other."""
        fitting = self.fitting
        if not self.values or not fitting:
            return None
        best = min(fitting, key=lambda order: self.impossible[order])
        others = [count for order, count in self.impossible.items() if order is not best]
        return best if all(count >= max(1, self.values * _PROOF) for count in others) else None


def evidence_sql(needs: Needs, relation: str) -> str:
    """SQL: the number of values of this kind in `relation` (column t), and per order how many fit.

    The columns are n and one per order, in the order of `orders_of`.
    """
    groups = (
        3 if needs in {Needs.ORDER, Needs.ORDER_SHORT} else 1 if needs is Needs.ORDER_COMPACT else 2
    )
    names = ["a", "b", "c"][:groups]
    pattern = _NUMBERS[needs].replace("'", "''")
    listed = ", ".join(f"'{name}'" for name in names)
    numbers = ", ".join(f"TRY_CAST(found.{name} AS BIGINT) AS {name}" for name in names)
    # What is a date in no order tells nothing of the order.
    any_ = " OR ".join(f"({possible})" for possible in _POSSIBLE[needs].values())
    fits = ", ".join(
        f"count(*) FILTER (WHERE {possible})" for possible in _POSSIBLE[needs].values()
    )
    return (
        f"SELECT count(*), {fits} FROM (SELECT {numbers}, found.a AS first FROM ("
        f"SELECT regexp_extract(t, '{pattern}', [{listed}]) AS found FROM {relation})"
        f" WHERE found.a <> '') WHERE {any_}"
    )


def orders_of(needs: Needs) -> tuple[DateOrder, ...]:
    """The orders that a kind of shape can have."""
    return tuple(_POSSIBLE[needs])


def reading_of(families: Iterable[Family], orders: Mapping[Needs, DateOrder]) -> TimeReading:
    """How a column with these families is read; a family whose order is not given is left out."""
    found = TimeReading()
    local: list[str] = []
    absolute: list[str] = []
    # Short years first: a format of four digits takes 26 for the year 26, the other way round fails.
    for family in sorted(families, key=lambda one: not one.short_year):
        written = family.format(orders.get(family.needs))
        if written is None:
            continue
        into = absolute if family.absolute else local
        if written not in into:
            into.append(written)
        found = changed(
            found,
            names=found.names | family.names,
            weekday=found.weekday or family.weekday,
            half=found.half or family.half,
            utc_word=found.utc_word or family.utc_word,
            short_year=found.short_year or family.short_year,
        )
    if found.lowered:
        local, absolute = list(map(small, local)), list(map(small, absolute))
    return changed(
        found, local=tuple(dict.fromkeys(local)), absolute=tuple(dict.fromkeys(absolute))
    )
