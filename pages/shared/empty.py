"""What a page says when there is nothing to show: why, and what to do next."""

from __future__ import annotations

from datetime import date

import streamlit as st

from kpi import escape, formats
from kpi.i18n import _
from kpi.measures import KPIS
from pages.manage import words
from pages.shared import data, page, places
from pages.shared.asked import Asked


def nothing_loaded() -> None:
    """The store is empty, or holds nothing that these numbers rest on."""
    there = [words.table_title(name) for name in data.loaded_tables()]
    if there:
        page.heading(_("There is nothing to see here yet"))
        page.text(
            _(
                "Loaded so far: {tables}. These numbers rest on cases, contacts, survey answers or "
                "customers."
            ).format(tables=", ".join(there))
        )
    else:
        page.heading(_("There are no data yet"))
    page.text(
        _(
            "Load an extract of your case system, contact centre or survey tool. Ketenzicht "
            "proposes how to read it and shows what it understands before anything is loaded."
        )
    )
    with st.container(key="next"):
        places.link("load", _("Load data"), icon=":material/upload_file:")
    page.text(_("Or look around in an invented energy supplier first. In a terminal:"))
    st.code("ketenzicht demo", language=None)
    page.quiet(
        _(
            "The demo and real data do not mix: start again with an empty store before loading your own."
        )
    )


def not_in_period(what: str = "", asked: Asked | None = None) -> None:
    """There are data, but none that these filters keep."""
    page.told(
        "info",
        what
        or (because(asked) if asked is not None else "")
        or (_kept_too_few(asked) if asked is not None else "")
        or _(
            "Nothing in this period with these filters. Choose a longer period or all channels above."
        ),
    )


def _kept_too_few(asked: Asked) -> str:
    """What to choose otherwise: only what was chosen can be."""
    chosen = {name for name, _values in asked.filters.where} - {"process"}
    if "channel" in chosen:
        return ""
    if chosen:
        return _(
            "Nothing in this period with these filters. Choose a longer period, or take one off."
        )
    return _("Nothing in this period. Choose a longer one above.")


def begins_later(asked: Asked) -> bool:
    """Whether the period begins after all that is loaded: of such a one nothing is known."""
    # Cases and contacts first: mostly they go as far as all else, and are known at once.
    return asked.period.since > data.told_day() and asked.period.since > _last_day()


def _last_day() -> date:
    """The last day that any number tells of: answers of customers may go on where cases end."""
    store = data.store()
    known = [at for reads in {kpi.reads for kpi in KPIS.values()} if (at := store.as_of(reads))]
    return formats.in_zone(max(known), data.zone()).date() if known else data.told_day()


def because(asked: Asked) -> str:
    """Why there can be nothing, whatever period or channel is chosen."""
    if begins_later(asked):
        return _(
            "The data tell up to {day}, and this period begins later. Choose an earlier one above."
        ).format(day=formats.day(_last_day()))
    first = data.first_day()
    if first is not None and asked.period.until < first:
        return _(
            "There are cases and contacts from {day} on, and this period ends earlier. Choose a later "
            "one above."
        ).format(day=formats.day(first))
    known = {"process": data.processes, "channel": data.channels}
    for name, configured in known.items():
        strange = [
            one
            for one in asked.filters.values(name)
            if one is not None and one not in configured(asked.period.until)
        ]
        if strange:
            return _(
                "“{value}” is not in the configuration, and nothing is found of it with these filters. "
                "Choose another one above."
            ).format(value=strange[0])
    return ""


def not_ready(reason: str) -> None:
    """There is no store to ask."""
    st.title(escape.markdown(_("Ketenzicht is not ready yet")), anchor=False)
    page.text(reason)
