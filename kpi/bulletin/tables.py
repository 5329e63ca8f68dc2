"""Plain tables as HTML: figures right-aligned, everything escaped, readable by keyboard and ear.

Used beside every chart, for reports of imports and for previews of files, where a cell may hold
anything that somebody typed: markup in it stays text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpi.bulletin.render import render
from kpi.bulletin.states import State


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
    """A cell with more than text: a state, a quiet second line, or a link."""

    text: str
    state: State | None = None
    under: str = ""
    href: str = ""
    mark: str = ""


Value = str | Shown


@dataclass(frozen=True)
class Table:
    """Head, rows and a caption; `note` stands below it."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""
    show_caption: bool = False
    #: Most rows in sight before the table scrolls; 0 for all of them.
    tall: int = 0
    #: All columns but the first equally wide, so that tables below each other line up.
    even: bool = False

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
    return Table(caption, heads, tuple(tuple(row) for row in rows), note, show_caption, tall, even)
