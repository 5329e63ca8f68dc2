"""A table as it is shown, with figures that are figures again: to take along.

What is taken along is exactly what was seen: 27 % is 27 %, with as many digits. A second line of a
cell, or its state, gets a column of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from kpi.bulletin.books import CLOCK, DAYS, EURO, PERCENT, PLAIN, Book, Head
from kpi.bulletin.tables import Shown, Table, Value
from kpi.formats import NOTHING, separators
from kpi.i18n import _

_NUMBER = re.compile(r"([+\u2212-]?)(€?)\s*(\d[\d.,\s]*)\s*(.*)", re.DOTALL)
_SPAN = re.compile(r"(\d[\d.,]*)\s*(\w+)")
_DAY = re.compile(r"\d{2}-\d{2}-\d{4}")
_MOMENT = re.compile(r"\d{2}-\d{2}-\d{4} \d{2}:\d{2}")


def book_of(shown: Table, about: Sequence[tuple[str, str]] = ()) -> Book:
    """The table as rows of plain values, with what is said below it among what it is about."""
    heads: list[Head] = []
    places: list[tuple[int, bool]] = []
    for place, column in enumerate(shown.columns):
        cells = [row[place] for row in shown.rows]
        formats = [found[1] for cell in cells if (found := read(_text(cell))) is not None]
        kind = max(set(formats), key=formats.count, default=PLAIN) if column.figures else PLAIN
        if kind == CLOCK and DAYS in formats:
            kind = DAYS  # one column, one unit
        heads.append(Head(column.title, kind))
        places.append((place, False))
        if any(_beside(cell) for cell in cells):
            heads.append(Head(_("{column}: remark").format(column=column.title)))
            places.append((place, True))
    rows = [
        [
            _beside(row[place]) if beside else _value(row[place], shown.columns[place].figures)
            for place, beside in places
        ]
        for row in shown.rows
    ]
    more = [(_("Note"), shown.note)] if shown.note else []
    return Book(shown.caption, heads, rows, [*about, *more])


def read(text: str) -> tuple[float, str] | None:
    """A formatted figure as a number and how a workbook writes it; None for anything else."""
    span = _duration(text)
    if span is not None:
        return span, CLOCK if abs(span) < 1 else DAYS
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    sign, euro, digits, unit = found.groups()
    value = _number(digits)
    if value is None:
        return None
    value = -value if sign in {"-", "\u2212"} else value
    if unit == "%":
        return value / 100, PERCENT
    if euro:
        return value, EURO
    # A unit of one word is that of the column; a sentence is no figure.
    return None if unit and not re.fullmatch(r"\w+", unit) else (value, PLAIN)


def _number(digits: str) -> float | None:
    marks = separators()
    decimal, thousands = marks[0], marks[1]
    plain = re.sub(rf"[{re.escape(thousands)}\s]", "", digits).replace(decimal, ".")
    try:
        return float(plain)
    except ValueError:
        return None


def _duration(text: str) -> float | None:
    """Days of "2 d 4 h", "31 h", "45 min", "5 min 20 s"."""
    lengths = {_("d"): 1.0, _("h"): 1 / 24, _("min"): 1 / 1440, _("s"): 1 / 86_400}
    stripped = text.strip()
    sign = -1 if stripped[:1] == "\u2212" else 1
    body = stripped.lstrip("+\u2212")
    parts = _SPAN.findall(body)
    if not parts or _SPAN.sub("", body).strip() or any(unit not in lengths for _n, unit in parts):
        return None
    sizes = [_number(digits) for digits, _unit in parts]
    if any(size is None for size in sizes):
        return None
    return sign * sum(
        (size or 0) * lengths[unit] for size, (_n, unit) in zip(sizes, parts, strict=True)
    )


def _text(cell: Value) -> str:
    return cell.text if isinstance(cell, Shown) else cell


def _value(cell: Value, figures: bool) -> Any:
    text = _text(cell)
    if text in {"", NOTHING}:
        return None
    if figures:
        found = read(text)
        return text if found is None else found[0]
    if _MOMENT.fullmatch(text):
        hour, minute = map(int, text[11:].split(":"))
        return datetime.combine(_day(text), time(hour, minute))
    if _DAY.fullmatch(text):
        return _day(text)
    return text


def _day(text: str) -> date:
    return date(int(text[6:10]), int(text[3:5]), int(text[:2]))


def _beside(cell: Value) -> str:
    if not isinstance(cell, Shown):
        return ""
    return " · ".join(part for part in (cell.state.word if cell.state else "", cell.under) if part)
