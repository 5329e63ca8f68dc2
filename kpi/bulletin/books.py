"""What is taken along: rows with real types, and beside them what they are, as CSV or as a workbook.

CSV as Excel in Dutch opens it: semicolons, decimal commas, a byte-order mark. In neither can a cell
become a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

from kpi import escape
from kpi.formats import separators
from kpi.i18n import _

#: Excel takes UTF-8 for what it is only with this before it.
BOM = "\ufeff"
#: Most rows of a sheet, its head and room for what is said below it.
MOST_ROWS = 1_048_000
#: How a number is written in a workbook, by what it is of.
PLAIN, PERCENT, EURO, DAYS = "#,##0.###", "0.0##%", "€ #,##0.00", '0.00# "d"'
_TIME, _DAY = "dd-mm-yyyy hh:mm:ss", "dd-mm-yyyy"
_WIDEST, _NARROWEST = 48, 9


@dataclass(frozen=True)
class Head:
    """One column: its title, and the number format of its figures."""

    title: str
    format: str = PLAIN


@dataclass(frozen=True)
class Book:
    """Rows of plain values (text, numbers, dates, local times) under heads.

    `title` says what they are, `about` the rest: period, filters, as-of, definition.
    """

    title: str
    heads: Sequence[Head]
    rows: Iterable[Sequence[Any]]
    about: Sequence[tuple[str, str]] = ()


def as_csv(book: Book) -> Iterator[str]:
    """The lines of a CSV file, a piece at a time: what it is on top, then head and rows."""
    decimal = separators()[0]
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")

    def taken() -> str:
        piece = written.getvalue()
        written.seek(0)
        written.truncate()
        return piece

    written.write(BOM)
    for line in (book.title, *(f"{name}: {text}" for name, text in book.about if text)):
        writer.writerow([f"# {escape.one_line(line)}"])
    writer.writerow([escape.cell(head.title) for head in book.heads])
    yield taken()
    for number, row in enumerate(book.rows, start=1):
        writer.writerow([_csv_cell(value, decimal) for value in row])
        if number % 2000 == 0:
            yield taken()
    yield taken()


def _csv_cell(value: Any, decimal: str) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", decimal)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return escape.cell(str(value))


def as_xlsx(book: Book) -> bytes:
    """A workbook: a sheet with the rows, filters on its head, and a sheet that says what they are."""
    held = io.BytesIO()
    options = {
        # No text becomes a formula, a link or a number.
        "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "constant_memory": True, "nan_inf_to_errors": False,
    }  # fmt: skip
    made = xlsxwriter.Workbook(held, options)
    bold = made.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    times, days = made.add_format({"num_format": _TIME}), made.add_format({"num_format": _DAY})
    plain = {head.format: made.add_format({"num_format": head.format}) for head in book.heads} | {
        PLAIN: made.add_format({"num_format": PLAIN})
    }
    sheet = made.add_worksheet(_("Rows"))
    sheet.freeze_panes(1, 0)
    for place, head in enumerate(book.heads):
        sheet.set_column(place, place, min(max(len(head.title) + 3, _NARROWEST + 5), _WIDEST))
        sheet.write_string(0, place, escape.one_line(head.title), bold)
    count = 0
    for number, row in enumerate(book.rows, start=1):
        if number > MOST_ROWS:
            break
        count = number
        for place, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, bool):
                sheet.write_string(number, place, _("yes") if value else _("no"))
            elif isinstance(value, int | float):
                sheet.write_number(number, place, value, plain[book.heads[place].format])
            elif isinstance(value, datetime):
                sheet.write_datetime(number, place, value.replace(tzinfo=None), times)
            elif isinstance(value, date):
                sheet.write_datetime(number, place, value, days)
            else:
                sheet.write_string(number, place, str(value)[:32_767])
    if count and book.heads:
        sheet.autofilter(0, 0, count, len(book.heads) - 1)
    about = made.add_worksheet(_("About"))
    about.set_column(0, 0, 18)
    about.set_column(1, 1, 90)
    wrapped = made.add_format({"text_wrap": True, "valign": "top"})
    for number, (name, text) in enumerate(((_("What"), book.title), *book.about)):
        about.write_string(number, 0, name, bold)
        about.write_string(number, 1, escape.one_line(text), wrapped)
    made.close()
    return held.getvalue()
