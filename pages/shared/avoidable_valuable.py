"""Valuable and hygiene contacts beside avoidable ones, and what valuable ones led to."""

from __future__ import annotations

import streamlit as st

from kpi import formats
from kpi.bulletin import Table, sentences_yield, table
from kpi.bulletin.tables import Column, Shown, Value
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import TOO_FEW, Result
from pages.shared import avoidable_tiles, data, figures, heads, page, trends
from pages.shared.asked import Asked
from pages.shared.avoidable_causes import by_key

SOLD = "sold_after_valuable"
_REASON = ("process", "reason")


def show(asked: Asked, avoidable: Result) -> None:
    """The three kinds together and per reason, and sales after valuable contacts."""
    left, right = st.columns(2, gap="large")
    with left:
        avoidable_tiles.show_categories(avoidable, asked.filters)
        page.section(_("What valuable contacts led to"))
        [sold] = data.ask((SOLD,), asked.filters)
        page.text(sentences_yield.of_sales(sold))
        page.section(_("Kinds of contact per reason"))
        page.table(rows_of(asked), "kinds-reasons")
    with right:
        trends.show(asked, KPIS[SOLD])


def rows_of(asked: Asked) -> Table:
    """One row a reason: shares of the three kinds, and sales after the valuable ones."""
    found = by_key("avoidable", asked.filters, _REASON)
    sold = by_key(SOLD, asked.filters, _REASON)
    order = sorted(
        found,
        key=lambda key: (
            found[key].too_few,
            -_count(found[key], "valuable"),
            -found[key].n,
            str(key),
        ),
    )
    rows: list[list[Value]] = []
    for key in order:
        one, after = found[key], sold.get(key)
        rows.append(
            [
                Shown(
                    data.title("reason", key[1]),
                    under="" if asked.process else data.title("process", key[0]),
                ),
                figures.shown(asked.filters, one, "n"),
                _part(asked, one, "valuable"),
                _part(asked, one, "hygiene"),
                _part(asked, one, "value"),
                _sold(asked, after),
            ]
        )
    return table(
        _("Kinds of contact per reason"),
        [
            _("Reason"),
            Column(_("Contacts"), figures=True, help=_("With a category")),
            Column(_("Valuable"), figures=True),
            Column(_("Hygiene"), figures=True),
            heads.of("avoidable", asked.query(), _("Avoidable")),
            heads.of(SOLD, asked.query(), _("Sold after")),
        ],
        rows,
        tall=16,
        note=_(
            "The kind goes by what was coded, else by what happened, else by the reason; moving house "
            "may be a valuable moment."
        ),
    )


def _count(one: Result, kind: str) -> int:
    return round(one.n * (one.extras.get(kind) or 0) / 100)


def _part(asked: Asked, one: Result, what: str) -> Value:
    if one.too_few:
        # Said once a row: three times it would make the columns wider than there is room.
        why = one.notes[0].text(_) if one.notes and what == "value" else ""
        return Shown(formats.NOTHING, mark="quiet", under=why)
    share = one.value if what == "value" else one.extras.get(what)
    return figures.shown(asked.filters, one, what, text=formats.percent(share))


def _sold(asked: Asked, one: Result | None) -> Value:
    if one is None or not one.n:
        return formats.NOTHING
    if one.n < TOO_FEW:
        return Shown(formats.NOTHING, mark="quiet", under=_("too few (n = {n})").format(n=one.n))
    return figures.shown(
        asked.filters,
        one,
        under=_("{sales} of {n}").format(
            sales=formats.number(one.numerator), n=formats.number(one.denominator)
        ),
    )
