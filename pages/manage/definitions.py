"""Definities: per KPI what it says, how it is made, what feeds it now, its target and its queries."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kpi import formats, numbers
from kpi.bulletin import table
from kpi.bulletin.tables import Column, Shown
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.measures.arithmetic import adds, better, date_of, left_out, made_by
from kpi.model import Kind, Kpi, Result
from kpi.numbers.explained import Explained, explained
from pages.manage import targets, words, worked
from pages.shared import choices, data, figures, filters, frame, page, state
from pages.shared.asked import Asked
from pages.shared.dimensions import dimension

USUAL = "within_norm"


def show() -> None:
    kpi = KPIS.get(state.chosen("kpi"), KPIS[USUAL])
    if not data.loaded():
        frame.bare()
        _choose()
        kpi = KPIS.get(state.chosen("kpi"), KPIS[USUAL])
        _says(kpi, None)
        _all()
        return
    asked = filters.show(filters.ANY, also=_choices)
    kpi = KPIS.get(state.chosen("kpi"), KPIS[USUAL])
    made = _explained(asked, kpi)
    _says(kpi, made.result if made else None)
    with st.container(key="why"):
        left, right = st.columns(2, gap="large")
        with left:
            _now(asked, kpi, made)
        with right:
            targets.show(kpi, asked.process, asked.period.until)
    worked.show(kpi)
    if made:
        _queries(made)
    _all()


def _choices() -> Mapping[str, str]:
    return {"kpi": _choose()}


def _choose() -> str:
    return choices.choice(
        "kpi", _("KPI"), list(KPIS), lambda name: _(KPIS[name].title), USUAL, width=420
    )


def _explained(asked: Asked, kpi: Kpi) -> Explained | None:
    if kpi.kind is Kind.FUNNEL or not numbers.applies(kpi, (), asked.filters.where):
        return None
    return data.cached(
        "explained",
        (kpi.name, asked.filters),
        lambda: explained(data.store(), kpi.name, asked.filters, data.SCOPE),
    )


def _says(kpi: Kpi, result: Result | None) -> None:
    about = [kpi.name, kpi.id, page.as_of(result.as_of) if result else ""]
    page.heading(_(kpi.title), [one for one in about if one])
    page.text(_(kpi.definition))
    if kpi.leaves_out:
        page.text(left_out(kpi))
    rows = [
        (_("How it is made"), made_by(kpi)),
        (_("Measured in"), formats.unit_name(kpi.unit) or _("a number")),
        (_("Good is"), better(kpi.better)),
        (_("Counts in the period of"), date_of(kpi)),
        (_("Can be split by"), ", ".join(dimension(name) for name in kpi.dimensions)),
        (_("Rests on"), ", ".join(words.table_title(name).lower() for name in kpi.reads)),
        (_("Adds up"), adds(kpi)),
        (_("Beside it"), ", ".join(_(extra.title) for extra in kpi.extras if extra.shown)),
    ]  # fmt: skip
    page.table(table(_(kpi.title), ["", ""], [row for row in rows if row[1]]), "definition")


def _now(asked: Asked, kpi: Kpi, made: Explained | None) -> None:
    page.section(_("Now"))
    period = formats.period(asked.period.since, asked.period.until)
    if made is None:
        page.text(
            _("This KPI has no single value with these filters: choose all channels and processes.")
        )
        return
    result = made.result
    if result.value is None and not result.n:
        page.text(result.note_in(_) or _("no data in this period"))
        return
    parts = ""
    if result.numerator is not None and result.denominator is not None:
        parts = f"{formats.number(result.numerator)} / {formats.number(result.denominator)}"
    rows: list[list[str | Shown]] = [
        [_("Period"), period],
        [_("Value"), figures.shown(asked.filters, result, under=result.note_in(_) or "")],
        [_("95% interval"), formats.interval(result.low, result.high, kpi.unit)],
        [_("Numerator / denominator"), parts],
        [_("Rows that feed it"), figures.shown(asked.filters, result, "n")],
    ]
    rows += [
        [_(extra.title), formats.value(result.extras.get(extra.name), extra.unit)]
        for extra in kpi.extras
        if extra.shown and result.extras.get(extra.name) is not None
    ]
    page.table(
        table(_("Now"), ["", Column(_("Now"), figures=True)], [r for r in rows if r[1]]), "now"
    )


def _queries(made: Explained) -> None:
    with st.expander(_("The queries that made it")):
        page.quiet(
            _("Noted while the number was made; sums come from the store, dividing comes after.")
        )
        for query in made.queries:
            st.code(query, language="sql", wrap_lines=True)


def _all() -> None:
    with st.expander(_("All KPIs")):
        page.table(
            table(
                _("All KPIs"),
                [_("KPI"), _("What it says"), _("Measured in")],
                [
                    [
                        Shown(_(kpi.title), under=kpi.name, href=f"?kpi={kpi.name}"),
                        _(kpi.definition),
                        formats.unit_name(kpi.unit),
                    ]
                    for kpi in KPIS.values()
                ],
            ),
            "all-kpis",
        )
