"""Figures as they are shown, read back: with their unit, and as a workbook writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from kpi.bulletin.books import CLOCK, DAYS, EURO, PERCENT, PLAIN
from kpi.formats import separators
from kpi.i18n import _

_NUMBER = re.compile(r"([+\u2212-]?)(€?)\s*(\d[\d.,\s]*)\s*(.*)", re.DOTALL)
_SPAN = re.compile(r"(\d[\d.,]*)\s*(\w+)")
#: "▲ 7 points, better".
_CHANGE = re.compile(r"([▲▼])\s*([^,(]*(?:,\d[^,(]*)?)(?:,\s*(.*))?", re.DOTALL)
#: "25–29 %", "€ 4 – € 6", "−1,0–20,8".
_RANGE = re.compile(r"([+\u2212]?[€\d][^–]*?)\s*–\s*([+\u2212]?[€\d][^–]*)")
_PAIR = re.compile(r"([\d.,]+)\s*/\s*([\d.,]+)")
#: "at most 25 %", and "90 % (example); 3 points below it".
_AFTER = re.compile(r"([^\W\d][^\d(]*?)\s+([+\u2212]?€?\s*\d[^(;]*)")
_BEFORE = re.compile(r"([^(;]*\d[^(;]*?)\s*([(;].*)", re.DOTALL)


@dataclass(frozen=True)
class Reading:
    """One figure.

    Attributes:
        value, form: as a workbook writes it: a share as 0,27, a length of time in days.
        seen, unit: as it stood: 27 and "%".
    """

    value: float
    form: str
    seen: float
    unit: str = ""


class Way(Enum):
    """How many figures a cell has, and what they are of each other."""

    ONE = "one"
    RANGE = "range"
    PAIR = "pair"


@dataclass(frozen=True)
class Apart:
    """The figures of a cell, and the words that stand with them."""

    way: Way
    figures: tuple[Reading, ...]
    words: str = ""


def is_change(text: str) -> bool:
    """Whether a text tells how something changed: "▲ 7 points, better"."""
    found = _CHANGE.fullmatch(text)
    return found is not None and read(found[2]) is not None


def apart(text: str) -> Apart | None:
    """What a cell of a column of figures holds; None where that is no figure."""
    if text == _("the same"):
        # It has no unit of its own: it is that of the column.
        return Apart(Way.ONE, (Reading(0.0, "", 0.0),), text)
    change = _CHANGE.fullmatch(text)
    if change is not None:
        arrow, amount, word = change.groups()
        found = read(amount)
        sign = -1 if arrow == "▼" else 1
        if found is not None:
            signed = replace(found, value=sign * found.value, seen=sign * found.seen)
            return Apart(Way.ONE, (signed,), word or "")
    several = _several(text)
    if several is not None:
        return several
    found = read(text)
    if found is not None:
        return Apart(Way.ONE, (found,))
    for pattern, figure, words in ((_BEFORE, 1, 2), (_AFTER, 2, 1)):
        with_words = pattern.fullmatch(text)
        told = read(with_words[figure]) if with_words else None
        if told is not None and with_words is not None:
            return Apart(Way.ONE, (told,), with_words[words].strip(" ;"))
    return None


def _several(text: str) -> Apart | None:
    pair = _PAIR.fullmatch(text)
    between = None if pair else _RANGE.fullmatch(text)
    both = pair or between
    if both is None:
        return None
    first, second = read(both[1]), read(both[2])
    if first is None or second is None:
        return None
    if between is not None and not first.unit and second.unit:
        # The unit of both stands behind the second.
        first = read(f"{both[1]} {second.unit}")
        if first is None:
            return None
    return Apart(Way.PAIR if pair else Way.RANGE, (first, second))


def read(text: str) -> Reading | None:
    """A formatted figure; None for anything else."""
    span = _duration(text)
    if span is not None:
        return span
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    sign, euro, digits, unit = found.groups()
    size = number(digits)
    if size is None:
        return None
    size = -size if sign in {"-", "\u2212"} else size
    if unit == "%":
        return Reading(round(size / 100, 10), PERCENT, size, unit)
    if euro:
        return Reading(size, EURO, size, euro)
    # A unit of one word is that of the column; a sentence is no figure.
    if unit and not re.fullmatch(r"\w+", unit):
        return None
    return Reading(size, PLAIN, size, _("points") if unit == _("point") else unit)


def number(digits: str) -> float | None:
    """Digits in the language spoken; None where they are no number."""
    marks = separators()
    decimal, thousands = marks[0], marks[1]
    plain = re.sub(rf"[{re.escape(thousands)}\s]", "", digits).replace(decimal, ".")
    try:
        return float(plain)
    except ValueError:
        return None


def _duration(text: str) -> Reading | None:
    """Of "2 d 4 h", "31 h", "45 min", "5 min 20 s"."""
    lengths = {_("d"): 1.0, _("h"): 1 / 24, _("min"): 1 / 1440, _("s"): 1 / 86_400}
    stripped = text.strip()
    sign = -1 if stripped[:1] == "\u2212" else 1
    body = stripped.lstrip("+\u2212")
    parts = _SPAN.findall(body)
    if not parts or _SPAN.sub("", body).strip() or any(unit not in lengths for _n, unit in parts):
        return None
    sizes = [number(digits) for digits, _unit in parts]
    if any(size is None for size in sizes):
        return None
    days = sign * sum(
        (size or 0) * lengths[unit] for size, (_n, unit) in zip(sizes, parts, strict=True)
    )
    form = CLOCK if abs(days) < 1 else DAYS
    if len(parts) > 1:
        return Reading(days, form, days, _("d"))
    return Reading(days, form, sign * (sizes[0] or 0.0), parts[0][1])


def mixed(found: Sequence[Reading | None]) -> bool:
    """Whether figures of one column are of several kinds or units."""
    return bool(together(found)[3])


def together(
    found: Sequence[Reading | None], *, as_seen: bool = False
) -> tuple[str, str, list[float | None], list[str]]:
    """Figures of one column: unit for its head, form, values, and units where they differ.

    Where they are of one kind they are written as a workbook does; of several kinds as they were
    seen, each with its unit beside it. `as_seen`: so too where another column is of several kinds,
    so that 63 stands beside 90 and not beside 0,9.
    """
    there = [one for one in found if one is not None and one.form]
    forms = {DAYS if one.form == CLOCK else one.form for one in there}
    units = {one.unit for one in there} if forms == {PLAIN} else set()
    if len(forms) > 1 or len(units) > 1:
        return "", PLAIN, _seen(found), ["" if one is None else one.unit for one in found]
    if as_seen:
        said = {one.unit for one in there}
        if len(said) > 1:
            return "", PLAIN, _seen(found), ["" if one is None else one.unit for one in found]
        return "".join(said), PLAIN, _seen(found), []
    form = next(iter(forms), PLAIN)
    if form == DAYS and all(one.form == CLOCK for one in there):
        form = CLOCK
    return "".join(units), form, [None if one is None else one.value for one in found], []


def _seen(found: Sequence[Reading | None]) -> list[float | None]:
    return [None if one is None else one.seen for one in found]
