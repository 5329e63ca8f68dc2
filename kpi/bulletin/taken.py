"""A table as it is shown, with figures that are figures again: to take along.

What is taken along is exactly what was seen: 27 % is 27 %, with as many digits. A second line of a
cell, its state and words beside a figure get columns of their own, so that no cell is a number and
more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from kpi.bulletin.books import Book, Head
from kpi.bulletin.readings import (
    Apart,
    Reading,
    Way,
    apart,
    is_change,
    mixed,
    read,
    together,
)
from kpi.bulletin.tables import Column, Shown, Table, Value
from kpi.formats import NOTHING
from kpi.i18n import _

_DAY = re.compile(r"\d{2}-\d{2}-\d{4}")
_MOMENT = re.compile(r"\d{2}-\d{2}-\d{4} \d{2}:\d{2}")

#: A column of the file: its head, and its cells.
Made = tuple[Head, list[Any]]


def book_of(shown: Table, about: Sequence[tuple[str, str]] = ()) -> Book:
    """The table as rows of plain values, with what is said below it among what it is about."""
    cells = [[row[place] for row in shown.rows] for place in range(len(shown.columns))]
    # Where one column is of several units, its neighbours are written as they were seen as well.
    seen = any(_mixed(column, own) for column, own in zip(shown.columns, cells, strict=True))
    columns = [
        made
        for column, own in zip(shown.columns, cells, strict=True)
        for made in _columns(column, own, seen)
    ]
    rows = [list(row) for row in zip(*(cells for _head, cells in columns), strict=True)]
    more = [(_("Note"), shown.note)] if shown.note else []
    return Book(shown.caption, [head for head, _cells in columns], rows, [*about, *more])


def _columns(column: Column, cells: Sequence[Value], seen: bool) -> list[Made]:
    texts = [_text(cell) for cell in cells]
    told = [text for text in texts if text not in {"", NOTHING}]
    found = [apart(text) if text else None for text in texts]
    if not column.figures and not _of_figures(told):
        return [
            (Head(column.title), [_plain(text) for text in texts]),
            *_beside(column, cells, seen),
        ]
    made: list[Made] = []
    for way, made_of in ((Way.ONE, _one), (Way.RANGE, _range), (Way.PAIR, _pair)):
        own = [one if one is not None and one.way is way else None for one in found]
        if any(own) or (way is Way.ONE and not any(found)):
            made += made_of(column.title, own, seen)
    # What is no figure stands where the figure would.
    _head, first = made[0]
    for place, (text, one) in enumerate(zip(texts, found, strict=True)):
        if one is None and text not in {"", NOTHING}:
            first[place] = text
    words = [one.words if one else "" for one in found]
    return [*made, *_beside(column, cells, seen, words)]


def _mixed(column: Column, cells: Sequence[Value]) -> bool:
    """Whether a column of figures has several units."""
    if not column.figures:
        return False
    found = [apart(text) for text in map(_text, cells) if text]
    return mixed([one.figures[0] for one in found if one and one.way is Way.ONE])


def _of_figures(texts: Sequence[str]) -> bool:
    """Whether texts are all figures, though the column stands as one of words.

    Bare digits are ids, and stay as they are: 0101657 is no number.
    """
    if any(map(is_change, texts)):
        return all(apart(text) is not None for text in texts)
    figures = [read(text) for text in texts]
    return bool(figures) and all(one is not None and one.unit for one in figures)


def _one(title: str, found: Sequence[Apart | None], seen: bool) -> list[Made]:
    return _figures(title, [one.figures[0] if one else None for one in found], seen)


def _range(title: str, found: Sequence[Apart | None], seen: bool) -> list[Made]:
    ends = ((0, _("{column}: lower bound")), (1, _("{column}: upper bound")))
    return [
        made
        for place, said in ends
        for made in _figures(
            said.format(column=title),
            [one.figures[place] if one else None for one in found],
            seen,
        )
    ]


def _pair(title: str, found: Sequence[Apart | None], seen: bool) -> list[Made]:
    first, _slash, second = title.partition(" / ")
    heads = (first, second or _("{column}: out of").format(column=first))
    return [
        made
        for place, head in enumerate(heads)
        for made in _figures(head, [one.figures[place] if one else None for one in found], seen)
    ]


def _figures(title: str, found: Sequence[Reading | None], seen: bool) -> list[Made]:
    """Figures with their unit in the head, or in a column beside them where it differs."""
    unit, form, values, units = together(found, as_seen=seen)
    head = Head(f"{title} ({unit})" if unit else title, form)
    made: list[Made] = [(head, list(values))]
    if units:
        made.append((Head(_("{column}: unit").format(column=title)), list(units)))
    return made


def _beside(
    column: Column, cells: Sequence[Value], seen: bool, words: Sequence[str] = ()
) -> list[Made]:
    """What stands with the cells: intervals, how many, other figures, and words."""
    parts = [_parts(cell, words[place] if words else "") for place, cell in enumerate(cells)]
    made: list[Made] = []
    if any(one.between for one in parts):
        made += _range(column.title, [one.between for one in parts], seen)
    for said, name in (
        (_("{column}: out of"), "out_of"),
        (_("{column}: n"), "n"),
        (_("{column}: figure"), "figure"),
    ):
        found = [getattr(one, name) for one in parts]
        if any(one is not None for one in found):
            made += _figures(said.format(column=column.title), found, seen)
    texts = [" · ".join(one.words) for one in parts]
    if any(texts):
        made.append((Head(_("{column}: remark").format(column=column.title)), list(texts)))
    return made


@dataclass
class _Parts:
    """What stands beside a figure, by what it is; words are what is no figure."""

    between: Apart | None = None
    out_of: Reading | None = None
    n: Reading | None = None
    figure: Reading | None = None
    words: list[str] = field(default_factory=list)


def _parts(cell: Value, said: str) -> _Parts:
    found = _Parts()
    if isinstance(cell, Shown) and cell.state:
        found.words.append(cell.state.word)
    under = cell.under if isinstance(cell, Shown) else ""
    for part in (said, *under.split(" · ")):
        for one in _figure_and_n(part):
            if not _taken_up(found, one) and one:
                found.words.append(one)
    return found


def _figure_and_n(part: str) -> Sequence[str]:
    """The two parts of "87 % (n = 47)" and "12 of 70"; anything else as it is."""
    if inside := re.fullmatch(r"\(([^()]*)\)", part):
        return (inside[1],)
    if with_n := re.fullmatch(r"([^(]*\d[^(]*?)\s*\((n = [\d.,]+)\)", part):
        return with_n.groups() if read(with_n[1]) else (part,)
    first, _space, rest = part.partition(" ")
    return (first, rest) if read(first) and _within(rest, _("of {n}")) else (part,)


def _taken_up(into: _Parts, part: str) -> bool:
    """Whether a part is a figure, and the first of its kind."""
    several = apart(part)
    if several is not None and several.way is Way.RANGE and into.between is None:
        into.between = several
        return True
    for name, one in (
        ("n", _within(part, "n = {n}")),
        ("out_of", _within(part, _("of {n}"))),
        ("figure", read(part)),
    ):
        if one is not None and getattr(into, name) is None:
            setattr(into, name, one)
            return True
    return False


def _within(text: str, said: str) -> Reading | None:
    """The number at `{n}` of a sentence; None where the text is another."""
    pattern = re.escape(said).replace(r"\{n\}", r"(\d[\d.,]*)")
    found = re.fullmatch(pattern, text)
    return read(found[1]) if found else None


def _text(cell: Value) -> str:
    return cell.text if isinstance(cell, Shown) else cell


def _plain(text: str) -> Any:
    if text in {"", NOTHING}:
        return None
    if _MOMENT.fullmatch(text):
        hour, minute = map(int, text[11:].split(":"))
        return datetime.combine(_day(text), time(hour, minute))
    return _day(text) if _DAY.fullmatch(text) else text


def _day(text: str) -> date:
    return date(int(text[6:10]), int(text[3:5]), int(text[:2]))
