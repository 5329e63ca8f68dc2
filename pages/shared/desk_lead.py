"""Doorlooptijd: both lead times and why they differ, the curve, and which department has the time."""

from __future__ import annotations

from dataclasses import replace

from kpi import formats
from kpi.bulletin import sentences, table
from kpi.bulletin.states import judge
from kpi.bulletin.tables import Column, Shown, Table, Value
from kpi.charts.curve import Steps, curve, said_days
from kpi.charts.theme import INK, QUIET
from kpi.i18n import _, ngettext
from kpi.measures import KPIS
from kpi.model import TOO_FEW, Kpi, Result, Unit
from kpi.numbers import desk
from kpi.numbers.desk import Stay
from kpi.results.desk import Curve
from kpi.results.rows import DENOMINATOR, LONGER
from pages.shared import cards, data, drill, figures, later, page
from pages.shared.asked import Asked

#: The figure of how fast cases are closed, and days that are round.
_CURVE = "curve"
_ROUND = (0.25, 0.5, 1, 2, 3, 5, 7, 10, 14, 21, 28, 42, 56, 91, 182, 365)


def show(asked: Asked) -> None:
    """Lead times of one process."""
    if not _two(asked):
        page.text(_("No case was closed in this period."))
    later.behind(lambda: _departments(asked))


def _two(asked: Asked) -> bool:
    found = cards.whole(asked, ("lead_time_closed", "lead_time", "backlog"))
    closed, opened = found["lead_time_closed"], found["lead_time"]
    said = sentences.two_lead_times(closed, opened)
    if not said:
        return False
    page.section(_("Lead time"))
    page.text(said)
    beside = sentences.backlog_beside(found["backlog"], opened, _last_day(asked, opened))
    if beside:
        page.text(beside)
    told = [n for one in (closed, opened) for n in (one.value, one.extras.get("p90"))]
    with formats.alike(Unit.DAYS, told):
        lines = [_row(asked, KPIS[one.kpi], one) for one in (closed, opened)]
    rows = table(
        _("Lead time"),
        [
            "",
            Column(_("Half within"), figures=True),
            Column(_("95% interval"), figures=True),
            Column(_("Nine of ten within"), figures=True),
            Column(
                _("Half within, working time"),
                figures=True,
                help=_("Only the hours that the calendar of this process is open count."),
            ),
            Column(_("n"), figures=True),
        ],
        lines,
    )
    later.behind(lambda: page.table(rows, "lead-times"))
    _curve(asked, closed, opened)
    return True


def _curve(asked: Asked, closed: Result, opened: Result) -> None:
    of_closed, of_opened = desk.curves(data.store(), asked.filters, data.SCOPE)
    if of_closed is None or of_opened is None or min(of_closed.n, of_opened.n) < TOO_FEW:
        return
    reach = [one.extras.get("p90") or one.value or 1.0 for one in (closed, opened)]
    until = max(2.0, 1.6 * max(reach))
    lines = (
        (_("closed cases"), closed, of_closed, QUIET),
        (_("opened cases"), opened, of_opened, INK),
    )
    figure = curve(
        [
            Steps(
                name,
                *found.drawn(_steps(until)),
                colour,
                dashed=one is closed,
                key=one.kpi,
                dots=_steps(until),
            )
            for name, one, found, colour in lines
        ],
        until,
    )
    # Every point can be clicked: of these, which is one, and the round ones.
    chosen = _days_chosen(until)
    points = {
        f"{one.kpi} {said_days(days)}": drill.Point.counting(
            _longer(one, found, days), f"{name}, {_slower(days)}", DENOMINATOR
        )
        for name, one, found, _colour in lines
        for days in (*_steps(until), *chosen)
        if found.longer(days)
    }

    def below() -> None:
        drill.below(asked.filters, _CURVE, points)()
        page.quiet(
            _(
                "Dashed: cases closed in this period. Solid: cases opened in it, those still "
                "open included. Where the solid line stays below, cases stay open that the "
                "closed ones do not show."
            )
        )

    page.chart(
        figure,
        _after(of_opened, until),
        lambda: _by_days(asked, (closed, of_closed), (opened, of_opened), until),
        _CURVE,
        drill.choose(_CURVE),
        tell=(KPIS["lead_time"], asked.filters),
        below=below,
    )


def _days_chosen(until: float) -> list[float]:
    """Of the point that was clicked, or that a link names: whatever that says."""
    [said] = drill.chosen(_CURVE)[:1] or [""]
    try:
        days = float(said.partition(" ")[2])
    except ValueError:
        return []
    return [days] if 0 <= days <= until else []


def _steps(until: float) -> list[float]:
    """Round numbers of days of which the cases that took longer can be opened."""
    return [days for days in _ROUND if days <= until]


def _slower(days: float) -> str:
    return _("longer than {time}").format(time=formats.duration(days))


def _longer(one: Result, found: Curve, days: float) -> Result:
    """The result kept to what took longer than so many days: as many as are known to."""
    return replace(one, by={**one.by, LONGER: said_days(days)}, denominator=found.longer(days))


#: Days after which people ask how far it is.
_ASKED = (1, 2, 3, 5, 7, 14, 28, 56, 91, 182, 365)


def _after(opened: Curve, until: float) -> str:
    """What the curve says: how much is closed after a day, and how much near its end."""
    late = max((days for days in _ASKED if days <= 0.7 * until), default=2)
    first, last = (
        _("{share} within {time}").format(
            share=formats.percent(opened.within(days)), time=_days(days)
        )
        for days in (1, max(late, 2))
    )
    return _("Share of the opened cases that is closed: {first}, {last}.").format(
        first=first, last=last
    )


def _days(count: int) -> str:
    said = ngettext("{n} day", "{n} days", count)
    return said.format(n=formats.number(count))


def _by_days(
    asked: Asked, closed: tuple[Result, Curve], opened: tuple[Result, Curve], until: float
) -> Table:
    """The curve at some round numbers of days, and how many took longer: these can be opened."""
    return table(
        _("Share closed by days since opening"),
        [
            Column(_("Within"), whole=True),
            Column(_("of the closed cases"), figures=True),
            Column(_("Took longer"), figures=True),
            Column(_("of the opened cases"), figures=True),
            Column(
                _("Took longer or still open"),
                figures=True,
                wrap=True,
                help=_(
                    "Open or withdrawn cases count for as long as they are known to have lasted."
                ),
            ),
        ],
        [
            [
                formats.duration(days),
                *(
                    cell
                    for one, found in (closed, opened)
                    for cell in (
                        formats.percent(found.within(days), 1),
                        figures.shown(
                            asked.filters, _longer(one, found, days), DENOMINATOR, part=DENOMINATOR
                        ),
                    )
                ),
            ]
            for days in _steps(until)
        ],
    )


def _departments(asked: Asked) -> None:
    assert asked.process is not None
    process = asked.process
    found = data.cached(
        "stays",
        (process, asked.filters),
        lambda: desk.stays(data.store(), process, asked.filters, data.SCOPE),
    )
    if not found:
        return
    kpi = KPIS["within_norm_department"]
    own = {
        one.by["department"]: one for one in data.ask((kpi.name,), asked.filters, ("department",))
    }
    page.section(_("Working time per department"))
    page.text(_slowest(found, own))
    target = data.target(kpi, asked.process, asked.period.until)
    rows: list[list[Value]] = []
    for stay in found:
        one = own.get(stay.department)
        state = judge(one, target.value if target else None, kpi.better)
        rows.append(
            [
                data.title("department", stay.department),
                formats.number(stay.n),
                _hours(stay.p50, stay.n),
                _hours(stay.p90, stay.n),
                formats.percent(stay.share),
                figures.shown(
                    asked.filters,
                    one,
                    state=state if one.value is not None else None,
                    under=f"n = {formats.number(one.n)}",
                )
                if one
                else "",
            ]
        )
    shown = table(
        _("Working time per department"),
        [
            _("Department"),
            Column(_("Cases received"), figures=True, wrap=True),
            Column(_("Half of them within"), figures=True, wrap=True),
            Column(_("Nine of ten within"), figures=True, wrap=True),
            Column(_("Share of all working time"), figures=True, wrap=True),
            Column(_("Within its own norm"), figures=True, wrap=True),
        ],
        rows,
        note=_(
            "Working time by the calendar of this process, of the cases a department got in "
            "this period; open ones are counted up to the as-of date."
        ),
    )
    page.table(shown, "departments")
    page.marks_of(shown)
    page.quiet(_(kpi.definition))


def _slowest(found: list[Stay], own: dict[str | None, Result]) -> str:
    """Who holds most of the time, and who misses its own norm most."""
    most = found[0]
    said = _(
        "{department} has {share} of the working time that cases wait or are worked on"
    ).format(
        department=data.title("department", most.department), share=formats.percent(most.share)
    )
    judged = [one for one in own.values() if one.value is not None and not one.too_few]
    worst = min(judged, key=lambda one: one.value or 0.0, default=None)
    if worst is None or len(judged) < 2:
        return f"{said}."
    more = _("the smallest share within its own norm: {department}, {value}").format(
        department=data.title("department", worst.by["department"]),
        value=formats.value(worst.value, worst.unit, worst.low, worst.high),
    )
    return f"{said}; {more}."


def _hours(value: float, n: int) -> Value:
    if n < TOO_FEW:
        return Shown(formats.NOTHING, under=_("too few"))
    return _("{hours} h").format(hours=formats.number(value, 1))


def _row(asked: Asked, kpi: Kpi, result: Result) -> list[str | Shown]:
    hours = result.extras.get("working_hours")
    return [
        Shown(
            _(kpi.title),
            under=result.note_in(_) or "",
            href=figures.definition(kpi.name, asked.filters),
        ),
        figures.shown(asked.filters, result),
        formats.interval(result.low, result.high, kpi.unit),
        figures.shown(asked.filters, result, "p90", text=formats.days(result.extras.get("p90"))),
        figures.shown(asked.filters, result, "working_hours", text=_working(hours))
        if hours
        else formats.NOTHING,
        figures.shown(asked.filters, result, "n"),
    ]  # fmt: skip


def _working(hours: float) -> str:
    return _("{hours} h").format(hours=formats.number(hours, 1))


def _last_day(asked: Asked, result: Result) -> str:
    """The last day of the period, or the as-of day where that is earlier."""
    until = asked.period.until
    if result.as_of is not None:
        until = min(until, formats.in_zone(result.as_of, data.zone()).date())
    return formats.day(until)
