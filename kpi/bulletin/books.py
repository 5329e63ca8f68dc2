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
from kpi.i18n import _, language

#: Excel takes UTF-8 for what it is only with this before it.
BOM = "\ufeff"
#: Most rows of a sheet, its head and room for what is said below it.
MOST_ROWS = 1_048_000
#: How a number is written in a workbook, by what it is of. Lengths of time are days; those under
#: a day are read as on a clock.
PLAIN, PERCENT, EURO = "#,##0.0##", "0.0##%", "€ #,##0.00"
DAYS, CLOCK = '0.00# "d"', "[h]:mm:ss"
#: The same where there is nothing behind the comma: Excel writes "702," where decimals may be none.
_WHOLE = {PLAIN: "#,##0", PERCENT: "0%", EURO: "€ #,##0"}
_TIME, _DAY = "dd-mm-yyyy hh:mm:ss", "dd-mm-yyyy"
_WIDEST, _NARROWEST = 48, 9
#: The kinds of file there are, as an address names them.
CSV, XLSX = "csv", "xlsx"
#: What they are called to a browser.
MEDIA_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


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


def unknown_form(name: str) -> str:
    """That a file of this kind is not made, and which are; empty for one that is."""
    if name in {CSV, XLSX}:
        return ""
    return _("There is no file of the kind {name}: ask for {one} or {other}.").format(
        name=escape.one_line(name)[:40], one=f"as={CSV}", other=f"as={XLSX}"
    )


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
    writer.writerow([escape.cell(_csv_head(head)) for head in book.heads])
    yield taken()
    for number, row in enumerate(book.rows, start=1):
        writer.writerow(
            [
                _csv_cell(value, decimal, head.format)
                for value, head in zip(row, book.heads, strict=True)
            ]
        )
        if number % 2000 == 0:
            yield taken()
    yield taken()


def _csv_head(head: Head) -> str:
    # A workbook writes the unit beside the figure; here it has no other place.
    unit = {DAYS: _("d"), PERCENT: "%", EURO: "€"}.get(head.format, "")
    return f"{head.title} ({unit})" if unit and unit not in head.title.split() else head.title


def _csv_cell(value: Any, decimal: str, form: str) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if form == CLOCK and isinstance(value, int | float):
        return clock(value)
    if form == PERCENT and isinstance(value, int | float):
        # As it was seen: 0,27 under a head that says no unit is taken for a quarter of something.
        value = float(value) * 100
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", decimal)
    if isinstance(value, datetime):
        return _csv_day(value) + f" {value:%H:%M:%S}"
    if isinstance(value, date):
        return _csv_day(value)
    return escape.cell(str(value))


def _csv_day(value: date) -> str:
    # In Dutch as it is seen, and as Excel in Dutch reads it; an English Excel may be American.
    return f"{value:%d-%m-%Y}" if language() == "nl" else value.isoformat()


def clock(days: float) -> str:
    """A length of time in days as hours, minutes and seconds: "0:07:05"."""
    left = round(abs(days) * 86_400)
    return f"{'-' if days < 0 else ''}{left // 3600}:{left // 60 % 60:02}:{left % 60:02}"


def _fitting(value: float, form: str) -> str:
    """The format for a number: without a comma where nothing is behind it."""
    shown = round(value * 100 if form == PERCENT else value, 6)
    return _WHOLE.get(form, form) if float(shown).is_integer() else form


def _for_paper(sheet: Any) -> None:
    """A4 lying, all columns on one page, the head on each."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _say(made: Any, book: Book, bold: Any) -> None:
    """The sheet that says what the rows are."""
    about = made.add_worksheet(_("About"))
    about.set_column(0, 0, 18)
    about.set_column(1, 1, 90)
    wrapped = made.add_format({"text_wrap": True, "valign": "top"})
    for number, (name, text) in enumerate(((_("What"), book.title), *book.about)):
        about.write_string(number, 0, name, bold)
        about.write_string(number, 1, escape.one_line(text), wrapped)


def _width(value: Any) -> int:
    """The characters a cell takes: a date that does not fit is shown as hashes."""
    if isinstance(value, datetime):
        return len(_TIME) + 2
    if isinstance(value, date):
        return len(_DAY) + 2
    if isinstance(value, int | float) and not isinstance(value, bool):
        # With its unit, its thousands and what stands behind the comma.
        return max(12, len(f"{value:,.2f}") + 3)
    return len(str(value)) + 2


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
    forms = {PLAIN, *(head.format for head in book.heads)}
    forms |= {_WHOLE[form] for form in forms & _WHOLE.keys()}
    plain = {form: made.add_format({"num_format": form}) for form in forms}
    sheet = made.add_worksheet(_("Rows"))
    sheet.freeze_panes(1, 0)
    _for_paper(sheet)
    widths = [max(len(head.title) + 3, _NARROWEST) for head in book.heads]
    for place, head in enumerate(book.heads):
        sheet.write_string(0, place, escape.one_line(head.title), bold)
    count = 0
    for number, row in enumerate(book.rows, start=1):
        if number > MOST_ROWS:
            break
        count = number
        for place, value in enumerate(row):
            if value is None or value == "":
                continue
            widths[place] = max(widths[place], _width(value))
            if isinstance(value, bool):
                sheet.write_string(number, place, _("yes") if value else _("no"))
            elif isinstance(value, int | float):
                form = _fitting(value, book.heads[place].format)
                sheet.write_number(number, place, value, plain[form])
            elif isinstance(value, datetime):
                sheet.write_datetime(number, place, value.replace(tzinfo=None), times)
            elif isinstance(value, date):
                sheet.write_datetime(number, place, value, days)
            else:
                sheet.write_string(number, place, str(value)[:32_767])
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(width, _WIDEST))
    if count and book.heads:
        sheet.autofilter(0, 0, count, len(book.heads) - 1)
    _say(made, book, bold)
    made.close()
    return held.getvalue()
