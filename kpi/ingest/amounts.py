"""How numbers are written: which character is the decimal one, and what stands between thousands.

"1.234" is a thousand or a little more than one; only other values of the file can tell.
"""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

import re
from dataclasses import dataclass

from kpi.ingest.profiles import SECONDS, DurationUnit

_SIGN = "[-+]?"


@dataclass(frozen=True)
class NumberReading:
    """The separators of numbers.

    Attributes:
        decimal: None: no number has decimals.
        thousands: between groups of three digits; None: nothing.
    """

    decimal: str | None = None
    thousands: str | None = None


@dataclass
class NumberEvidence:
    """Values that can be read only with a decimal comma, only with a point, and those with both.

    Attributes:
        comma, point: values that leave no doubt.
        open_comma, open_point: values like 1,234 and 1.234.
    """

    comma: int = 0
    point: int = 0
    open_comma: int = 0
    open_point: int = 0

    def add(self, other: NumberEvidence) -> None:
        """Take the values of another column with it."""
        self.comma += other.comma
        self.point += other.point
        self.open_comma += other.open_comma
        self.open_point += other.open_point

    @property
    def separated(self) -> bool:
        """Whether any value has a separator."""
        return bool(self.comma or self.point or self.open_comma or self.open_point)

    @property
    def proven(self) -> str | None:
        """The decimal character, where the values leave no other."""
        if self.comma and self.comma >= 20 * self.point:
            return ","
        if self.point and self.point >= 20 * self.comma:
            return "."
        return None


def other(decimal: str) -> str:
    """What stands between thousands where `decimal` is the decimal character."""
    return "." if decimal == "," else ","


def evidence_sql(relation: str) -> str:
    """SQL: comma, point, open_comma and open_point of `NumberEvidence`, over `relation`.t."""
    counts = []
    for decimal in (",", "."):
        d, k = re.escape(decimal), re.escape(other(decimal))
        sure = (
            rf"{_SIGN}(?:\d{{1,3}}(?:{k}\d{{3}})+{d}\d+|\d{{1,3}}(?:{k}\d{{3}}){{2,}}"
            rf"|\d*{d}(?:\d{{1,2}}|\d{{4,}})|0*{d}\d{{3}}|\d{{4,}}{d}\d{{3}})"
        )
        counts.append(f"count(*) FILTER (WHERE regexp_full_match(t, '{sure}'))")
    for mark in (",", "."):
        unsure = rf"{_SIGN}[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}"
        counts.append(f"count(*) FILTER (WHERE regexp_full_match(t, '{unsure}'))")
    return f"SELECT {', '.join(counts)} FROM {relation}"


def number_sql(text: str, reading: NumberReading) -> str:
    """SQL of the number that `text` says, strictly; NULL for what is none."""
    decimal, thousands = reading.decimal, reading.thousands
    whole = r"\d+"
    if thousands:
        whole = rf"(?:\d+|\d{{1,3}}(?:{_escaped(thousands)}\d{{3}})+)"
    pattern = rf"{_SIGN}{whole}"
    if decimal:
        d = _escaped(decimal)
        pattern = rf"{_SIGN}(?:{whole}(?:{d}\d*)?|{d}\d+)"
    pattern += r"(?:[eE][-+]?\d{1,2})?"
    plain = text
    if thousands:
        plain = f"replace({plain}, {_literal(thousands)}, '')"
    if decimal and decimal != ".":
        plain = f"replace({plain}, {_literal(decimal)}, '.')"
    return f"CASE WHEN regexp_full_match({text}, '{pattern}') THEN TRY_CAST({plain} AS DOUBLE) END"


def _escaped(mark: str) -> str:
    return re.escape(mark).replace("'", "''")


def _literal(mark: str) -> str:
    return "'" + mark.replace("'", "''") + "'"


def seconds_sql(text: str, unit: DurationUnit, reading: NumberReading) -> str:
    """SQL of the seconds that `text` says in a unit; NULL for what is no duration."""
    if unit is DurationUnit.HMS:
        return _clock_sql(text)
    factor = SECONDS[unit]
    number = number_sql(text, reading)
    return number if factor == 1 else f"({number}) * {factor!r}"


def _clock_sql(text: str) -> str:
    """h:mm:ss, or m:ss, each with decimals of a second at most."""
    pattern = r"(?:\d+:[0-5]?\d|\d+):[0-5]?\d(?:[.,]\d+)?"
    part = f"string_split(replace({text}, ',', '.'), ':')"
    seconds = f"TRY_CAST({part}[-1] AS DOUBLE) + 60 * TRY_CAST({part}[-2] AS DOUBLE)"
    hours = f"CASE WHEN len({part}) = 3 THEN 3600 * TRY_CAST({part}[1] AS DOUBLE) ELSE 0 END"
    return f"CASE WHEN regexp_full_match({text}, '{pattern}') THEN {seconds} + {hours} END"
