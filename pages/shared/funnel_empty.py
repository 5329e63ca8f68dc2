"""What is missing for a funnel, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi import formats
from kpi.i18n import _
from kpi.numbers.funnels import Funnel
from pages.shared import data, empty, funnels, page, places
from pages.shared.asked import Asked

#: Strange steps that are named; the rest is counted.
_NAMED = 5


def nothing(known: Sequence[Funnel]) -> None:
    """Nothing is loaded that any number rests on."""
    if data.loaded_tables():
        page.heading(_("Funnels"))
        missing = [one for one in known if not one.loaded]
        if missing:
            no_web_events(missing[0])
            return
    empty.nothing_loaded()


def no_web_events(funnel: Funnel) -> None:
    """A funnel on a site of which no event is loaded."""
    page.text(
        _(
            "No web events are loaded of this funnel yet. Load an extract of your site or portal with "
            "one row per step that a visitor takes."
        )
    )
    page.text(
        _("Columns: {columns}; {optional} where it is known. Here funnel is {funnel}.").format(
            columns="entity_id, funnel, step, at", optional="customer_id", funnel=funnel.name
        )
    )
    page.text(_("Steps, in order: {steps}.").format(steps=", ".join(funnel.steps)))
    with st.container(key="next"):
        places.link("load", _("Load data"), icon=":material/upload_file:")


def none_configured() -> None:
    """No funnel at all."""
    page.text(
        _(
            "No funnel is configured, and no web events name one. Configure its steps in order "
            "(table funnels), or load web events with the columns {columns}."
        ).format(columns="entity_id, funnel, step, at")
    )


def beside(asked: Asked, funnel: Funnel, known: Sequence[Funnel]) -> None:
    """What must be known to read the funnel rightly: filters that do not apply, steps unknown."""
    dimensions = dict(funnels.split_by(funnel))
    if any(name not in dimensions for name, _values in asked.filters.where):
        page.told(
            "info",
            _("This funnel counts visits, which have no channel: all of them are shown."),
        )
    if not funnel.configured:
        page.told(
            "warning",
            _(
                "The funnel {name} is not configured. Its steps stand here from most to least taken; "
                "that is a proposal. Configure them in their order (table funnels) to make it sure."
            ).format(name=funnel.name),
        )
    if funnel.strange:
        named = [f"{step} ({formats.number(n)})" for step, n in funnel.strange.items()]
        more = len(named) - _NAMED
        told = ", ".join(named[:_NAMED])
        if more > 0:
            told += " " + _("and {n} more").format(n=formats.number(more))
        page.told(
            "warning",
            _(
                "The events of this funnel also name steps that are not configured: {steps}. "
                "Configure them, in their order, or leave them out of the extract."
            ).format(steps=told),
        )
    not_configured([one for one in known if one.name != funnel.name])


def not_configured(known: Sequence[Funnel]) -> None:
    """Funnels that only web events name: they can be chosen, and should be configured."""
    names = [one.called for one in known if not one.configured]
    if names:
        page.quiet(
            _(
                "Also in the web events and not configured: {names}. Configure the steps in their "
                "order (table funnels)."
            ).format(names=", ".join(names))
        )
