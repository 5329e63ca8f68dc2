"""Results on standard output: a table to read, JSON or CSV to work on."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from kpi import escape
from kpi.formats import NOTHING, number
from kpi.i18n import _

Record = Mapping[str, Any]


def rendered(
    records: Sequence[Record],
    form: str,
    columns: Sequence[str],
    titles: Mapping[str, str] | None = None,
    cell: Callable[[str, Any, Record], str] | None = None,
) -> str:
    """The records as `form` (table, json or csv), ending in a line break.

    JSON holds the whole records; the table and the CSV hold `columns`.

    Args:
        titles: heads of the table; the others are the columns' names.
        cell: how a value reads in the table; default `plain`.
    """
    if form == "json":
        return as_json(records)
    if form == "csv":
        return as_csv(records, columns)
    return as_table(
        records, columns, titles or {}, cell or (lambda _name, value, _row: plain(value))
    )


def as_json(value: Any) -> str:
    """JSON that people can read too; what is not a number is null."""
    return json.dumps(clean(value), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def clean(value: Any) -> Any:
    """`value` made of what JSON knows: no NaN, no dates, no numpy scalars."""
    if isinstance(value, Mapping):
        return {str(name): clean(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [clean(one) for one in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if hasattr(value, "item"):
        return clean(value.item())
    return str(value)


def as_csv(records: Sequence[Record], columns: Sequence[str]) -> str:
    """Comma-separated values with a head; numbers with a decimal point, nothing for null."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for record in records:
        writer.writerow([_csv_cell(record.get(name)) for name in columns])
    return text.getvalue()


def _csv_cell(value: Any) -> Any:
    value = clean(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        # The csv module quotes a cell with a line feed, but not one with a carriage return.
        return escape.cell(value.replace("\r\n", "\n").replace("\r", "\n"))
    return "" if value is None else value


def plain(value: Any) -> str:
    """A value to read in the language spoken now."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return number(value)
    if isinstance(value, float):
        return number(value, 0 if value == int(value) else 1)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return escape.one_line(value)


def as_table(
    records: Sequence[Record],
    columns: Sequence[str],
    titles: Mapping[str, str],
    cell: Callable[[str, Any, Record], str],
) -> str:
    """Columns side by side, numbers to the right."""
    heads = [titles.get(name, name) for name in columns]
    rows = [
        [escape.one_line(cell(name, record.get(name), record)) for name in columns]
        for record in records
    ]
    widths = [
        max(len(heads[place]), *(len(row[place]) for row in rows), 1) if rows else len(heads[place])
        for place in range(len(columns))
    ]
    right = [
        any(_is_number(record.get(name)) for record in records)
        and not any(isinstance(record.get(name), str) for record in records)
        for name in columns
    ]

    def line(cells: Sequence[str]) -> str:
        set_out = (
            text.rjust(width) if flush else text.ljust(width)
            for text, width, flush in zip(cells, widths, right, strict=True)
        )
        return "  ".join(set_out).rstrip()

    return (
        "\n".join([line(heads), line(["-" * width for width in widths]), *map(line, rows)]) + "\n"
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
