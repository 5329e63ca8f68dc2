"""Plain tables as HTML: figures right-aligned, everything escaped, readable by keyboard and ear.

Used beside every chart, for reports of imports and for previews of files, where a cell may hold
anything that somebody typed: markup in it stays text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpi.bulletin.render import render
from kpi.bulletin.sources import Source
from kpi.bulletin.states import State
from kpi.formats import number
from kpi.i18n import ngettext

#: Up to so many rows a table stands whole: a box that scrolls hides more than it saves.
_WHOLE = 30


@dataclass(frozen=True)
class Column:
    """How a column is shown.

    `figures`: numbers, aligned right; `code`: values as they stand in a file; `whole`: never
    broken over two lines; `wrap`: the head may take several lines; `help`: on hover; `href`: what
    the head leads to; `sort`: "ascending" or "descending" where the rows are sorted by it.
    """

    title: str
    figures: bool = False
    code: bool = False
    whole: bool = False
    help: str = ""
    wrap: bool = False
    href: str = ""
    sort: str = ""


@dataclass(frozen=True)
class Shown:
    """A cell with more than text: a state, a quiet second line, a link, or where it comes from.

    `brief`: with what the second line begins, and all that is left of it in a narrow table. A number
    leads to its rows where no other address is given.
    """

    text: str
    state: State | None = None
    under: str = ""
    brief: str = ""
    href: str = ""
    mark: str = ""
    source: Source | None = None

    @property
    def leads(self) -> str:
        """The address it leads to."""
        return self.href or (self.source.rows if self.source else "")


Value = str | Shown


@dataclass(frozen=True)
class Table:
    """Head, rows and a caption; `note` stands below it."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""
    show_caption: bool = False
    #: Most rows in sight of a long table before it scrolls; 0 for all of them.
    tall: int = 0
    #: All columns but the first equally wide, so that tables below each other line up.
    even: bool = False

    def sources(self) -> list[Source]:
        """Where its numbers come from."""
        cells = (cell for row in self.rows for cell in row if isinstance(cell, Shown))
        return [cell.source for cell in cells if cell.source]

    @property
    def as_of(self) -> str:
        """Up to when its numbers tell; empty where it has none of an answer."""
        known = sorted({one.as_of for one in self.sources() if one.as_of})
        return " – ".join(dict.fromkeys((known[0], known[-1]))) if known else ""

    def of_column(self, place: int) -> Source | None:
        """Where the numbers of a column come from, if they are all of one KPI."""
        found = [
            row[place].source  # type: ignore[union-attr]
            for row in self.rows
            if isinstance(row[place], Shown) and row[place].source  # type: ignore[union-attr]
        ]
        return found[0] if len({one.kpi for one in found if one}) == 1 else None

    @property
    def length(self) -> str:
        """How many rows there are, for who does not see them all at once."""
        return ngettext("{n} row", "{n} rows", len(self.rows)).format(n=number(len(self.rows)))

    @property
    def html(self) -> str:
        """An HTML table, styled by tables.css, readable without it."""
        rows = [
            [cell if isinstance(cell, Shown) else Shown(cell) for cell in row] for row in self.rows
        ]
        return render("table.jinja", table=self, rows=rows)


def table(
    caption: str,
    columns: Sequence[Column | str],
    rows: Sequence[Sequence[Value]],
    *,
    note: str = "",
    show_caption: bool = False,
    tall: int = 0,
    even: bool = False,
) -> Table:
    """A table from loose parts; a column may be just its title.

    Raises ValueError when a row is not as wide as the head: a shifted figure is a wrong figure.
    """
    heads = tuple(column if isinstance(column, Column) else Column(column) for column in columns)
    for row in rows:
        if len(row) != len(heads):
            raise ValueError(f"a row of {len(row)} cells under {len(heads)} columns: {row!r}")
    kept = tall if len(rows) > max(tall, _WHOLE) else 0
    return Table(caption, heads, tuple(tuple(row) for row in rows), note, show_caption, kept, even)
