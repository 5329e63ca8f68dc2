"""A worked example of a KPI: the rows it starts from, which of them count, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from kpi import examples, formats
from kpi.bulletin import table
from kpi.bulletin.tables import Column, Shown, Value
from kpi.examples import Example, Rows
from kpi.i18n import _
from kpi.model import Kind, Kpi
from kpi.schema import TABLES, Type
from kpi.schema.model import Column as Declared
from kpi.text import SPACE
from pages.manage import words
from pages.shared import data, page

#: Rows of a table that are shown at most.
MOST_ROWS = 12
_DATED = frozenset({Type.DATE, Type.TIMESTAMP})
#: What a dictionary of ours has titles for.
_TITLED = frozenset({"process", "reason", "channel", "department", "cause"})


def show(kpi: Kpi) -> None:
    """The rows with their own titles, each marked where the value is made of rows one by one."""
    found = examples.example_of(kpi.name)
    if found is None:
        return
    page.section(_("A worked example"))
    marked = examples.kept_rows(kpi.name)
    page.quiet(_means(kpi, marked=marked is not None))
    for name, rows in found.tables.items():
        marks = marked[1] if marked and marked[0] == name else {}
        columns = [
            column
            for column in TABLES[name].columns
            if any(row.get(column.name) is not None for row in rows)
        ]
        same = [column for column in columns if _constant(rows, column.name)]
        columns = [column for column in columns if column not in same]
        heads = [
            Column(_first(_(column.meaning)), wrap=True, whole=column.type in _DATED)
            for column in columns
        ]
        cells: list[list[Value]] = [
            [_cell(column, row.get(column.name)) for column in columns] for row in rows[:MOST_ROWS]
        ]
        if marks:
            key = next(one for one in TABLES[name].key if one != "source")
            heads = [Column(_("In the number"), whole=True), *heads]
            cells = [
                [_mark(kpi, marks.get(str(row.get(key)), "out")), *told]
                for row, told in zip(rows, cells, strict=False)
            ]
        page.table(
            table(
                words.table_title(name),
                heads,
                cells,
                note=_note(rows, same),
                show_caption=True,
            ),
            f"example-{name}",
        )
    if found.single:
        page.text(_outcome(kpi, found, [*marked[1].values()] if marked else []))


def _means(kpi: Kpi, *, marked: bool) -> str:
    """What is seen here, and what the words in its first column stand for."""
    said = [_("Invented rows, to see how the number comes about.")]
    if marked:
        said.append(_("The column “In the number” says whether a row counts."))
    if marked and kpi.kind is Kind.SHARE:
        said.append(
            _(
                "Denominator: the rows it is a share of. Numerator: those of them of which it is true."
            )
        )
    return " ".join(said)


def _constant(rows: Rows, column: str) -> bool:
    """Whether all rows say the same: told once, it leaves room for what differs."""
    return len(rows) > 1 and len({str(row.get(column)) for row in rows}) == 1


def _note(rows: Rows, same: Sequence[Declared]) -> str:
    said = []
    rest = len(rows) - MOST_ROWS
    if rest > 0:
        said.append(_("and {n} more rows").format(n=formats.number(rest)))
    if same:
        told = (f"{_first(_(one.meaning))}: {_cell(one, rows[0][one.name])}" for one in same)
        said.append(_("The same in every row: {what}").format(what="; ".join(told)))
    return " · ".join(said)


def _mark(kpi: Kpi, mark: str) -> Shown:
    """Whether a row counts, by shape and word."""
    if mark == "hit":
        return Shown(f"●{SPACE}{_('numerator and denominator')}", mark="strong")
    if mark == "counts":
        share = kpi.kind is Kind.SHARE
        return Shown(f"○{SPACE}{_('denominator only')}" if share else f"●{SPACE}{_('counts')}")
    return Shown(f"–{SPACE}{_('does not count')}", mark="quiet")


def _outcome(kpi: Kpi, found: Example, marks: list[str]) -> str:
    period = formats.period(found.since, found.until)
    value = formats.value(found.value, kpi.unit)
    if kpi.kind is Kind.SHARE and marks:
        return _("Over {period} that gives: {hits} of {all} rows, {value}.").format(
            period=period,
            hits=formats.number(marks.count("hit")),
            all=formats.number(len(marks) - marks.count("out")),
            value=value,
        )
    return _("Over {period} that gives: {value}.").format(period=period, value=value)


def _first(meaning: str) -> str:
    """What a column holds, without what else is told of it."""
    return meaning.split(";", maxsplit=1)[0]


def _cell(column: Declared, value: Any) -> str:
    """A value as it is said on screen."""
    if value is None:
        return ""
    if column.coded in _TITLED:
        return data.title(str(column.coded), str(value))
    if column.type is Type.BOOLEAN:
        return _("yes") if value in (True, "yes", "true", 1) else _("no")
    if column.type in _DATED:
        moment = datetime.fromisoformat(str(value))
        day = formats.day(moment.date())
        return day if column.type is Type.DATE else f"{day} {moment:%H:%M}"
    return _valued(column, str(value))


def _valued(column: Declared, value: str) -> str:
    known: Mapping[tuple[str, str], str] = {
        ("direction", "in"): _("in"),
        ("direction", "out"): _("out"),
        ("category", "valuable"): _("valuable"),
        ("category", "hygiene"): _("hygiene"),
        ("category", "unnecessary"): _("unnecessary"),
        ("status", "closed"): _("closed"),
        ("status", "open"): _("open"),
        ("status", "withdrawn"): _("withdrawn"),
    }
    return known.get((column.name, value), value)
