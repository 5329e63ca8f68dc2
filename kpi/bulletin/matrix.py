"""A table of numbers shaded by size: who causes what at whom, read by its figures first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi import formats
from kpi.bulletin.render import render
from kpi.bulletin.sources import Source

#: Shades between the ground and the fullest.
SHADES = 6
#: Stands for every row, or every column: of a total.
ALL = None
#: A cell by its row and column, a total with `ALL` for one of them or both.
Place = tuple[str | None, str | None]


@dataclass(frozen=True)
class Field:
    """One cell: its figure, how full it is shaded (0 to `SHADES`), and where it comes from."""

    text: str
    shade: int = 0
    source: Source | None = None


@dataclass(frozen=True)
class Matrix:
    """Rows by columns with a total at each end."""

    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Field, ...], Field], ...]
    totals: tuple[Field, ...]
    total: Field
    together: str

    @property
    def define(self) -> str:
        """The address of the definition of what is counted."""
        return next((one.define for one in self._sources() if one.define), "")

    @property
    def as_of(self) -> str:
        """Up to when its figures tell."""
        return next((one.as_of for one in self._sources() if one.as_of), "")

    def _sources(self) -> list[Source]:
        return [f.source for _t, fields, _n in self.rows for f in fields if f.source]

    @property
    def html(self) -> str:
        """An HTML table, styled by scorecard.css, readable without it."""
        return render("matrix.jinja", matrix=self)


def matrix(
    caption: str,
    corner: str,
    together: str,
    rows: Sequence[tuple[str, str]],
    columns: Sequence[tuple[str, str]],
    counts: Mapping[tuple[str, str], float],
    sources: Mapping[Place, Source] | None = None,
) -> Matrix:
    """Counts by (row, column); `rows` and `columns` are id and title, in their order on screen.

    `sources`: where cells come from, and totals.
    """
    most = max(counts.values(), default=0.0)
    come_from = sources or {}

    def field(row: str, column: str) -> Field:
        n = counts.get((row, column), 0.0)
        if not n:
            return Field("·")
        shade = max(1, round(SHADES * n / most)) if most else 0
        return Field(formats.number(n), shade, come_from.get((row, column)))

    def total(row: str | None, column: str | None) -> Field:
        n = sum(
            found
            for (one, other), found in counts.items()
            if row in {ALL, one} and column in {ALL, other}
        )
        return Field(formats.number(n), source=come_from.get((row, column)))

    return Matrix(
        caption,
        corner,
        tuple(title for _id, title in columns),
        tuple(
            (
                title,
                tuple(field(one, column) for column, _title in columns),
                total(one, ALL),
            )
            for one, title in rows
        ),
        tuple(total(ALL, column) for column, _title in columns),
        total(ALL, ALL),
        together,
    )
