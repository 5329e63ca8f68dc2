"""Klanten: how many came and left, who left, and after which process more leave than without it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi import dates, formats
from kpi.bulletin import sentences_customers as sentences
from kpi.bulletin import sentences_sections
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.numbers import Compared
from pages.shared import (
    cards,
    choices,
    customers_after,
    customers_contact,
    customers_flow,
    customers_groups,
    customers_sold,
    customers_stay,
    data,
    empty,
    filters,
    frame,
    later,
    page,
    places,
    state,
    views,
)
from pages.shared.asked import Asked

_CHURN = "churn"
#: Parts of the page.
FLOW, STAY, CONTACT, SOLD = "flow", "stay", "contact", "sold"
#: What a part other than the first is about.
_PARTS = {STAY: customers_stay.KPI, CONTACT: customers_contact.RATE, SOLD: customers_sold.KPI}


def show() -> None:
    if not data.loaded():
        frame.bare()
        empty.nothing_loaded()
        return
    # These are numbers of customers: no channel tells them apart.
    asked = filters.show(filters.NONE, also=_own, channel=False, wait=True)
    kept = asked.filters
    period = formats.period(asked.period.since, asked.period.until)
    compared = data.compare(customers_flow.NAMES, kept)
    whole = next(one for one in compared if one.now.kpi == _CHURN)
    if not any(one.now.n for one in compared):
        page.heading(_("Customers"), [period])
        _nothing()
        return

    view = views.chosen(_views())

    def heading() -> None:
        page.heading(
            _title(view, asked, kept, whole),
            [
                period,
                cards.as_of(asked, [KPIS[_CHURN], *([_PARTS[view]] if view in _PARTS else [])]),
                _volume(whole),
            ],
        )

    later.numbers_first(heading, lambda: customers_flow.show_tiles(asked, kept, compared))
    split = _split()
    views.show(_views())
    with st.container(key="why"):
        if view == STAY:
            customers_stay.show(kept, split)
        elif view == CONTACT:
            customers_contact.show(asked, kept, split, _offered())
        elif view == SOLD:
            customers_sold.show(asked, kept, split)
        else:
            _flow(asked, kept, compared, whole)


def _flow(asked: Asked, kept: Filters, compared: Sequence[Compared], whole: Compared) -> None:
    """Who came and left, per group and after which process."""
    lost = next((one.now for one in compared if one.now.kpi == "customers_lost"), None)
    split = _split()
    if split:
        left, right = st.columns(2, gap="large")
        with left:
            customers_groups.show(asked, kept, split)
        with right:
            customers_groups.show_table(asked, kept, split, whole, lost)
    left, right = st.columns(2, gap="large")
    with left:
        customers_flow.show_course(asked, kept, compared)
    with right:
        customers_after.show(asked, kept)


def _views() -> dict[str, str]:
    return {
        FLOW: _("Come and go"),
        STAY: _("How long they stay"),
        CONTACT: _("Who is in touch"),
        SOLD: _("What they buy"),
    }


def _own() -> dict[str, str]:
    """The choice of a cross-section, of those that the customers can be told apart by."""
    view = {views.NAME: views.in_url(_views())}
    offered = _offered()
    if not offered:
        return view
    found = choices.choice(
        "split",
        _("Cross-section"),
        offered,
        customers_groups.dimension_title,
        offered[0],
        width=280,
    )
    return {"split": "" if found == offered[0] else found} | view


def _offered() -> list[str]:
    until = data.default_period()
    return customers_groups.told_apart(Filters.of(until.since, until.until))


def _split() -> str:
    offered = _offered()
    wanted = state.chosen("split")
    return wanted if wanted in offered else (offered or [""])[0]


def _title(view: str, asked: Asked, kept: Filters, whole: Compared) -> str:
    """The fact of the part that is shown."""
    name, when = _("Customers"), dates.during(asked.period.since, asked.period.until)
    if view == STAY:
        [stayed] = data.ask((_PARTS[view].name,), kept)
        return sentences_sections.title_of_retention(name, stayed)
    if view in _PARTS:
        [of] = data.compare((_PARTS[view].name,), kept)
        said = {
            CONTACT: sentences_sections.title_of_rate,
            SOLD: sentences_sections.title_of_sales,
        }[view]
        return said(name, when, of.now, of.before, asked.before_text)
    return sentences.title(
        name,
        when,
        whole.now,
        whole.before,
        asked.before_text,
        [
            customers_groups.groups(kept, dimension)
            for dimension in _offered()
            if dimension in customers_groups.LASTING
        ],
    )


def _volume(whole: Compared) -> str:
    return _("{n} customers at the start").format(n=formats.number(whole.now.denominator))


def _nothing() -> None:
    if "customers" in data.loaded_tables():
        empty.not_in_period(_("No customers in this period. Choose another period above."))
        return
    page.text(
        _(
            "No customers are loaded. Load an extract with a customer number, customer since and "
            "customer until; whether they use the personal portal, their value and their segment "
            "make the cross-sections."
        )
    )
    places.link("load", _("Load data"), icon=":material/upload_file:")
