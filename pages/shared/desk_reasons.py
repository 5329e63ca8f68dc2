"""Redenen: why customers of one process are in touch, who causes it, and when they call."""

from __future__ import annotations

from kpi import formats
from kpi.bulletin import table
from kpi.bulletin.tables import Column, Shown, Value
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import TOO_FEW, Result, Unit
from pages.shared import data, drill, figures, hours, page, places, reasons
from pages.shared.asked import Asked

MOST = 25
#: The cause and the department of the avoidable contacts about one reason, and how many these are.
Causes = dict[str | None, tuple[str | None, str | None, int]]


def show(asked: Asked) -> None:
    """Every reason with its volume, change, avoidable share and causer; then the week by its hours."""
    found = {
        one.by["reason"]: one
        for one in data.ask(("avoidable",), asked.filters, ("reason",))
        if one.n
    }
    if not found:
        reasons.show(asked)
    else:
        _reasons(asked, found)
    hours.show(asked, KPIS["contacts_per_hour"])


def _reasons(asked: Asked, found: dict[str | None, Result]) -> None:
    answered = _answered(asked.filters)
    volumes = {reason: answered[reason].n for reason in found}
    total = sum(volumes.values())
    earlier = asked.earlier()
    before = {reason: one.n for reason, one in _answered(earlier).items()} if earlier else {}
    causes = _causes(asked)
    page.section(_("Reasons for contact"))
    page.text(_sentence(found, causes, total))
    rows: list[list[Value]] = []
    order = sorted(volumes, key=lambda one: (-volumes[one], str(one)))
    for reason in order[:MOST]:
        one = found[reason]
        rows.append(
            [
                Shown(data.title("reason", reason), href=_to_trend(asked, reason)),
                figures.shown(asked.filters, answered[reason], "n"),
                formats.percent(100 * volumes[reason] / total),
                reasons.change(volumes[reason], before.get(reason), bool(before)),
                _avoidable(asked, one),
                *_caused(causes.get(reason)),
            ]
        )
    page.table(
        table(
            _("Reasons for contact"),
            [
                _("Reason"),
                Column(_("Contacts"), figures=True),
                Column(_("Share"), figures=True),
                Column(_("Change"), figures=True),
                Column(_("Avoidable"), figures=True),
                _("Main cause"),
                _("Caused by"),
            ],
            rows,
            note=reasons.rest(len(order), sum(volumes[one] for one in order[MOST:]), asked, MOST),
            tall=14 if len(rows) > 14 else 0,
        ),
        "all-reasons",
    )
    places.link(
        "avoidable",
        _("Avoidable contacts of this process: causes, costs and repeat traffic"),
        query=drill.question("avoidable", asked.filters, {}),
    )


def _sentence(found: dict[str | None, Result], causes: Causes, total: int) -> str:
    """Where most of what could be avoided comes from."""
    counts: dict[str | None, int] = {}
    for _cause, department, n in causes.values():
        counts[department] = counts.get(department, 0) + n
    hits = sum(int(one.numerator or 0) for one in found.values())
    known = {department: n for department, n in counts.items() if department is not None}
    if not hits or not known:
        return _("{n} contacts in this period.").format(n=formats.number(total))
    department = max(known, key=lambda one: known[one])
    return _(
        "{n} contacts in this period, {hits} of them avoidable; the main causes of the reasons below "
        "lie most with {department}."
    ).format(
        n=formats.number(total),
        hits=formats.number(hits),
        department=data.title("department", department),
    )


def _causes(asked: Asked) -> Causes:
    """Per reason the cause with most of its avoidable contacts, and the department behind it."""
    found: Causes = {}
    by = ("reason", "cause", "causing_department")
    for one in data.ask(("causer",), asked.filters, by):
        n = int(one.numerator or 0)
        reason = one.by["reason"]
        if n > found.get(reason, ("", None, 0))[2] and one.by["cause"] is not None:
            found[reason] = (one.by["cause"], one.by["causing_department"], n)
    return found


def _answered(filters: Filters) -> dict[str | None, Result]:
    """All answered inbound contacts per reason, as the n of what is counted of them."""
    return {one.by["reason"]: one for one in data.ask((reasons.ANSWERED,), filters, ("reason",))}


def _avoidable(asked: Asked, one: Result) -> Value:
    if one.too_few:
        return figures.shown(asked.filters, one, mark="quiet", under=one.note_in(_) or "")
    between = formats.interval(one.low, one.high, Unit.PERCENT)
    return figures.shown(asked.filters, one, part="numerator", under=between)


def _caused(main: tuple[str | None, str | None, int] | None) -> list[Value]:
    if main is None or main[2] < TOO_FEW:
        return [formats.NOTHING, formats.NOTHING]
    cause, department, n = main
    return [
        Shown(data.title("cause", cause), under=_("{n} contacts").format(n=formats.number(n))),
        data.title("department", department) if department else _("unknown"),
    ]


def _to_trend(asked: Asked, reason: str | None) -> str:
    if reason is None:
        return ""
    return f"{places.path('trends')}{asked.query(asked.process)}&kpi=avoidable&by=reason"
