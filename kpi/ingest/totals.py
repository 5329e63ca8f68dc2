"""Control totals in words: what each says, for the page and for the file that is downloaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from kpi import formats
from kpi.i18n import _
from kpi.schema import TABLES, Type
from kpi.staged import Total

_NOTHING = "–"


def lines(table: str, totals: Sequence[Total]) -> Iterator[tuple[str, str, str, str]]:
    """Per total: what it is of, which value, how many rows, and the sum where it is one."""
    for one in totals:
        column = TABLES[table].by_name.get(one.column)
        what = _(column.meaning) if column else one.column
        rows, amount = formats.number(one.rows), ""
        value = one.value or _("(empty)")
        match one.kind:
            case "first":
                value = _("earliest: {moment}").format(moment=_moment(one.value))
            case "last":
                value = _("latest: {moment}").format(moment=_moment(one.value))
            case "others":
                value = _("{n} other values").format(n=one.value)
            case "sum":
                value = _("sum")
                whole = column is None or column.type is Type.INTEGER
                amount = (
                    formats.number(one.amount, 0 if whole or _is_whole(one.amount) else 2)
                    if one.amount is not None
                    else _NOTHING
                )
        yield what, value, rows, amount


def _is_whole(amount: float) -> bool:
    return float(amount).is_integer()


def _moment(text: str) -> str:
    if len(text) <= 10:
        return formats.day(date.fromisoformat(text))
    moment = datetime.fromisoformat(text)
    return f"{formats.day(moment.date())} {moment:%H:%M}"
