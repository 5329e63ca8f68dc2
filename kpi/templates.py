"""Empty files to fill in, one per table: made from the schema, read back without a question.

In Dutch the headers are those that Dutch exports use, where the reader knows them for that column
and for no other; in English, and where none is known, they are our own names.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from kpi.i18n import _, language
from kpi.ingest.match import candidates
from kpi.schema import TABLES, Column, Type
from kpi.schema.synonyms import fold, synonyms
from kpi.schema.titles import TITLES
from kpi.text import N_

#: Excel takes UTF-8 for what it is only with this before it.
_BOM = "\ufeff"
_TYPES = {
    Type.TEXT: N_("text"),
    Type.INTEGER: N_("whole number"),
    Type.NUMBER: N_("number"),
    Type.BOOLEAN: N_("yes or no"),
    Type.DATE: N_("date"),
    Type.TIMESTAMP: N_("date and time"),
}
#: Rows of a workbook that are prepared for typing.
_PREPARED = 1000


@dataclass(frozen=True)
class Described:
    """One column as a template shows it.

    Attributes:
        header: as it is called in the template.
        column: of the schema.
        known_as: other headers that are understood for it.
    """

    header: str
    column: Column
    known_as: tuple[str, ...]

    @property
    def needed(self) -> bool:
        """Whether a row cannot do without it."""
        return _needed(self.column)

    @property
    def kind(self) -> str:
        """What it holds, in the language spoken now."""
        return _(_TYPES[self.column.type])

    @property
    def meaning(self) -> str:
        """What it means, in the language spoken now."""
        return _(self.column.meaning)

    @property
    def values(self) -> str:
        """What it may hold, where that is a closed list."""
        return ", ".join(self.column.values)


def described(table: str) -> list[Described]:
    """The columns of a table, those that a row cannot do without first."""
    declared = TABLES[table]
    headers = dict(_headers(table, language()))
    ordered = sorted(declared.columns, key=lambda column: not _needed(column))
    return [
        Described(headers[column.name], column, _known_as(table, column, headers[column.name]))
        for column in ordered
    ]


def _needed(column: Column) -> bool:
    return column.required and column.default is None


def _known_as(table: str, column: Column, header: str) -> tuple[str, ...]:
    known = synonyms().get((table, column.name))
    names = (column.name, *(known.dutch if known else ()))
    return tuple(name for name in names if name.casefold() != header.casefold())


@cache
def _headers(table: str, spoken: str) -> tuple[tuple[str, str], ...]:
    """Per column its header: one that the reader takes for that column of that table."""
    declared = TABLES[table]
    chosen = {column.name: column.name for column in declared.columns}
    if spoken == "nl":
        for column in declared.columns:
            for name in _dutch(table, column.name):
                wanted = {**chosen, column.name: name[:1].upper() + name[1:]}
                if len({one.casefold() for one in wanted.values()}) < len(wanted):
                    continue
                if _understood(table, wanted):
                    chosen = wanted
                    break
    return tuple(chosen.items())


def _dutch(table: str, column: str) -> list[str]:
    """What a column is called in Dutch, names that no other column of the table has first."""
    own = synonyms().get((table, column))
    if own is None:
        return []
    others = {
        fold(name)
        for (of, name_of), known in synonyms().items()
        if of == table and name_of != column
        for name in known.names
    }
    return sorted(own.dutch, key=lambda name: fold(name) in others)


def _understood(table: str, headers: dict[str, str]) -> bool:
    """Whether the reader knows every column and the table by these headers, and has no doubt."""
    examples = {header: (TABLES[table].by_name[name].example,) for name, header in headers.items()}
    ranked = candidates(tuple(headers.values()), examples, rows=1)
    best = ranked[0]
    read = {name: match.header for name, match in best.matches.items() if not match.alike}
    sure = len(ranked) < 2 or ranked[1].lacking or ranked[1].score <= best.score - 0.5
    return best.table.name == table and read == headers and not best.rivals and bool(sure)


def as_csv(table: str) -> bytes:
    """The template as CSV with semicolons: one line, the headers."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow([one.header for one in described(table)])
    return (_BOM + written.getvalue()).encode()


def as_workbook(table: str) -> bytes:
    """The template as a workbook: a sheet to fill in, and one that explains it."""
    import xlsxwriter

    made = io.BytesIO()
    columns = described(table)
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        needed = book.add_format({"bold": True, "bg_color": "#D7ECE8", "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        _data_sheet(book, columns, needed, bold)
        _about_sheet(book, table, columns, bold, plain)
    return made.getvalue()


def _data_sheet(book: Any, columns: Sequence[Described], needed: Any, bold: Any) -> None:
    sheet = book.add_worksheet(_("Data"))
    formats = {
        Type.DATE: book.add_format({"num_format": "dd-mm-yyyy"}),
        Type.TIMESTAMP: book.add_format({"num_format": "dd-mm-yyyy hh:mm"}),
        # Numbers of customers and cases keep their leading noughts.
        Type.TEXT: book.add_format({"num_format": "@"}),
    }
    sheet.freeze_panes(1, 0)
    for at, one in enumerate(columns):
        sheet.set_column(at, at, max(14, len(one.header) + 3), formats.get(one.column.type))
        sheet.write_string(0, at, one.header, needed if _needed(one.column) else bold)
        listed = list(one.column.values)
        if one.column.type is Type.BOOLEAN:
            listed = [_("yes"), _("no")]
        if listed:
            sheet.data_validation(
                1, at, _PREPARED, at,
                {"validate": "list", "source": listed, "error_type": "warning"},
            )  # fmt: skip


def _about_sheet(
    book: Any, table: str, columns: Sequence[Described], bold: Any, plain: Any
) -> None:
    sheet = book.add_worksheet(_("Explanation"))
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, 5, 24)
    sheet.write_string(0, 0, _(TITLES.get(table, table)), bold)
    sheet.write_string(0, 1, _(TABLES[table].meaning), plain)
    sheet.write_string(1, 1, _("Fill in the first sheet. Its coloured columns are needed."), plain)
    heads = (
        _("Column"), _("Meaning"), _("Example"), _("Kind"), _("Needed"), _("One of"),
    )  # fmt: skip
    for at, head in enumerate(heads):
        sheet.write_string(3, at, head, bold)
    for row, one in enumerate(columns, 4):
        cells = (
            one.header, one.meaning, one.column.example, one.kind,
            _("yes") if _needed(one.column) else _("no"), one.values,
        )  # fmt: skip
        for at, cell in enumerate(cells):
            sheet.write_string(row, at, cell, plain)
