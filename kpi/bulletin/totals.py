"""Totals as they were delivered, in a table that says which of them count in a KPI."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from kpi import formats
from kpi.bulletin.tables import Column, Shown, Table, table
from kpi.i18n import _, ngettext


class Total(Protocol):
    """What is told of one metric; see `kpi.numbers.totals`."""

    @property
    def metric(self) -> str: ...
    @property
    def part(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def values(self) -> tuple[tuple[date, float], ...]: ...
    @property
    def kpi(self) -> str: ...
    @property
    def counted(self) -> int: ...


def totals_table(found: Sequence[Total], title: str) -> Table:
    """One row per metric and part; `title` is that of the KPI in which totals can count."""
    return table(
        _("Totals that were delivered"),
        [
            _("Metric"),
            _("Of what"),
            Column(_("Sum"), figures=True),
            Column(_("Totals"), figures=True),
            Column(_("Periods begin"), whole=True),
            Column(_("Counts in"), wrap=True),
        ],
        [
            [
                _metric(one.metric),
                one.part or _("the whole"),
                formats.number(one.value),
                formats.number(len(one.values)),
                formats.period(one.values[0][0], one.values[-1][0]),
                _counts(one, title),
            ]
            for one in found
        ],
        note=_(
            "A total counts in full in the period on whose first day it begins. It covers "
            "everybody: it cannot be split by customer, and contacts about the same thing "
            "are not counted again beside it."
        ),
    )


def _metric(name: str) -> str:
    """The two metrics that count, in words; any other as it came."""
    known = {"online transactions": _("online transactions"), "calls": _("calls")}
    return known.get(name.strip().lower(), name)


def _counts(one: Total, title: str) -> Shown:
    if not one.kpi:
        return Shown(_("no KPI: shown here only"))
    if not one.counted:
        return Shown(_("not yet"), under=_("needs both online and calls of the same period"))
    if one.counted == len(one.values):
        return Shown(title)
    return Shown(
        title,
        under=ngettext("{n} of {total} total", "{n} of {total} totals", len(one.values)).format(
            n=formats.number(one.counted), total=formats.number(len(one.values))
        ),
    )
