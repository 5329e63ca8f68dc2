"""Avoidable contacts in six figures, and the three categories that a contact may have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from kpi import formats
from kpi.bulletin import sentences_avoidable as sentences
from kpi.bulletin import table
from kpi.bulletin.scorecard import Cell, Head
from kpi.bulletin.sources import NUMERATOR
from kpi.bulletin.states import State
from kpi.bulletin.tables import Column, Shown
from kpi.charts.parts import Part, parts
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import Better, Kpi, Result, Unit
from kpi.numbers import Compared, applies
from pages.shared import costs, drill, figures, page, state, tiles
from pages.shared.asked import Asked

#: Below this share of contacts with a category there is a warning.
COVERAGE = 70
#: The figure of the three kinds.
_KINDS = "categories"
NAMES = (
    "avoidable", "avoidable_follow_up", "avoidable_cost", "repeat_contacts",
    "first_contact_resolution", "three_contacts", "contact_rate",
)  # fmt: skip


def kpis(asked: Asked, cost: str = costs.FULL_KPI) -> list[Kpi]:
    """The KPIs of the tiles that can be told for these filters; `cost` is the one looked at."""
    return [
        KPIS[name]
        for name in (cost if one == costs.FULL_KPI else one for one in NAMES)
        if name in KPIS and applies(KPIS[name], (), asked.filters.where)
    ]


def show(asked: Asked, compared: Sequence[Compared], chosen: str) -> None:
    """The tiles; a click on one shows its course. Warns where few contacts have a category."""
    by_name = {one.now.kpi: one for one in compared}
    coverage = by_name["avoidable"].now.extras.get("coverage")
    beside = []
    if coverage is not None:
        means = figures.definition("avoidable", asked.filters)
        head = Head("coverage", _("Coverage"), _covering(), means)
        cell = _coverage(coverage, by_name["avoidable"].before)
        origin = figures.beside(asked.filters, by_name["avoidable"].now, "coverage")
        beside.append((head, replace(cell, source=origin)))
    there = tiles.show(
        asked,
        compared,
        "avoidable",
        _choose,
        chosen=chosen,
        mended=lambda cell: _with_cost(cell, by_name),
        beside=beside,
        counts=_counts(),
    )
    if not there:
        return
    if coverage and coverage < COVERAGE:
        page.told(
            "warning",
            _(
                "Only {share} of the contacts have a category: below {least} these figures may say "
                "more about how contacts are coded than about the contacts."
            ).format(share=formats.percent(coverage), least=formats.percent(COVERAGE)),
        )
    cost = next((by_name[name].now for name in costs.KPIS if name in by_name), None)
    said = sentences.of_cost(cost)
    if said:
        page.quiet(said)


def _counts() -> dict[str, str]:
    """What the n of each tile counts."""
    return {
        "avoidable": _("contacts with a category"),
        "avoidable_follow_up": _("contacts that are no first report"),
        "repeat_contacts": _("contacts of known customers"),
        "first_contact_resolution": _("questions of customers"),
        "three_contacts": _("customers"),
        "contact_rate": _("inbound contacts"),
    } | dict.fromkeys(costs.KPIS, _("avoidable contacts"))


def _choose(_process: str, kpi: str) -> None:
    state.choose("kpi", kpi)
    # Its course stands among the causes.
    state.choose("view", "")


def _with_cost(cell: Cell, by_name: dict[str, Compared]) -> Cell:
    """Which costs these are stands in the tile itself, and what a rate is of: else it misleads."""
    if cell.kpi not in costs.KPIS:
        told = (formats.per(KPIS[cell.kpi].unit), cell.aim)
        return replace(cell, aim=" · ".join(part for part in told if part))
    cost = by_name[cell.kpi].now
    said = [note.text(_) for note in cost.notes if note in costs.NOTES]
    # An amount has no interval: whether it moved by more than chance is not known.
    cell = replace(cell, certain=False)
    return replace(cell, aim="; ".join(said)) if cost.value is not None else cell


def _covering() -> str:
    return _("Share of the answered inbound contacts that have a category.")


def _coverage(now: float, before: Result | None) -> Cell:
    low = now < COVERAGE
    was = before.extras.get("coverage") if before else None
    return Cell(
        "coverage",
        State.ATTENTION if low else State.GOOD,
        formats.percent(now),
        formats.change(now, was, Unit.PERCENT, Better.UP, places=0),
        certain=False,
        spark=Markup(""),
        facts=(),
        aim=_("at least {share}").format(share=formats.percent(COVERAGE)),
    )


def show_categories(avoidable: Result, filters: Filters) -> None:
    """Unnecessary, hygiene and valuable as one bar of a hundred per cent."""
    if avoidable.value is None or avoidable.too_few:
        return
    page.section(_("Three kinds of contact"))
    kinds = [
        ("", _("Avoidable"), avoidable.value),
        ("hygiene", _("Hygiene"), avoidable.extras.get("hygiene") or 0.0),
        ("valuable", _("Valuable"), avoidable.extras.get("valuable") or 0.0),
    ]
    points = {
        part or NUMERATOR: drill.Point.counting(avoidable, name, part)
        if part
        else drill.Point(avoidable, name)
        for part, name, _share in kinds
    }
    counted = [
        (part, name, share, avoidable.numerator if not part else points[part].one.value)
        for part, name, share in kinds
    ]
    page.chart(
        parts(
            [
                Part(share, formats.percent(share), name, formats.number(count), part or NUMERATOR)
                for part, name, share, count in counted
            ]
        ),
        sentences.of_categories(avoidable),
        lambda: table(
            _("Three kinds of contact"),
            [
                _("Category"),
                Column(_("Contacts"), figures=True),
                Column(_("Share"), figures=True),
            ],
            [
                [
                    name,
                    Shown(
                        formats.number(count),
                        href=drill.link(avoidable.kpi, filters, avoidable.by, part)
                        if count
                        else "",
                    )
                    if part
                    else figures.shown(filters, avoidable, NUMERATOR),
                    Shown(
                        formats.percent(share, 1),
                        source=figures.beside(filters, avoidable, part)
                        if part
                        else figures.source(filters, avoidable),
                    ),
                ]
                for part, name, share, count in counted
            ],
        ),
        _KINDS,
        drill.choose(_KINDS),
        tell=(KPIS["avoidable"], filters),
        below=drill.below(filters, _KINDS, points),
    )
    page.quiet(
        _(
            "Valuable: it brings the customer or us further. Hygiene: it belongs to the service, as "
            "passing on a change does; it need not go, but has to go smoothly. Avoidable: the customer "
            "would rather not have had to make it."
        )
    )
