"""The funnel itself: a bar per step, what is lost between them, and the same as a table."""

from __future__ import annotations

from collections.abc import Callable

from kpi import formats
from kpi.alerts.passing import Passing
from kpi.bulletin import table
from kpi.bulletin.sources import Source
from kpi.bulletin.tables import Column, Shown, Table
from kpi.charts.funnel import Bar, bars
from kpi.charts.theme import SERIES
from kpi.i18n import _, ngettext
from kpi.model import Unit
from kpi.results.funnel import Difference, FunnelStep
from pages.shared import data, drill, figures, page, places, state
from pages.shared import funnel_words as words
from pages.shared.asked import Asked
from pages.shared.funnels import Look

_KEY = "funnel-bars"


def show(asked: Asked, seen: Look, chosen: int | None) -> None:
    """The bars with their sentences; a click on one shows who they are."""
    said = (words.largest(seen), words.changes(seen), words.broke(seen), words.contacts(seen))
    figure = bars(
        [_bar(seen, place) for place in range(len(seen.now))],
        colour=SERIES.get(seen.funnel.process or ""),
        chosen=chosen,
        offers=True,
    )

    def below() -> None:
        page.quiet(
            _("Beside a bar: the share of all who began. Below it: of those who reached that step.")
        )
        if young := words.young(seen):
            page.quiet(young)

    page.chart(
        figure,
        " ".join(part for part in said if part),
        lambda: _table(seen, asked),
        _KEY,
        lambda point: _choose(seen, point),
        tell=Passing(seen.funnel.name).kpi,
        below=below,
    )


def _choose(seen: Look, point: list[str]) -> None:
    if point:
        state.choose("step", seen.now[int(point[0])].step)
        state.choose("view", "reached")
        # The bar is of the whole period.
        state.choose("entered", "")


def _bar(seen: Look, place: int) -> Bar:
    step = seen.now[place]
    title = f"{place + 1}  {seen.funnel.title(step.step)}"
    value = formats.number(step.entities)
    if place and step.share_of_first is not None:
        value += f" · {formats.value(step.share_of_first, Unit.PERCENT)}"
    return Bar(
        title,
        step.mature,
        step.immature,
        value,
        _loss(seen, place),
        _aside(seen, place),
        _worse(seen, place),
        tuple(f"{head}: {text}" for head, text in _facts(seen, place) if text),
    )


def _loss(seen: Look, place: int) -> str:
    if place + 1 == len(seen.now):
        return ""
    found = seen.passages[place]
    if not found.lost:
        return _("nobody drops out")
    return ngettext("{n} drops out, {share}", "{n} drop out, {share}", found.lost).format(
        n=formats.number(found.lost), share=words.lost_share(found)
    )


def _aside(seen: Look, place: int) -> str:
    said = []
    if place + 1 < len(seen.now):
        median = words.lasted(seen.now[place + 1].median_days_from_previous)
        if median:
            said.append(_("half within {time}").format(time=median))
    contacts = seen.now[place].contacts
    if contacts:
        said.append(
            ngettext("{n} contact after it", "{n} contacts after it", contacts).format(
                n=formats.number(contacts)
            )
        )
    return " · ".join(said)


def _worse(seen: Look, place: int) -> str:
    change = seen.changes[place] if place < len(seen.changes) else None
    if change is None or not change.worse:
        return ""
    return _("▼ {amount} go on fewer, worse").format(amount=words.points(change))


def _facts(seen: Look, place: int) -> list[tuple[str, str]]:
    step = seen.now[place]
    return [
        (_("reached"), formats.number(step.entities)),
        (_("of them too early to tell"), formats.number(step.immature) if step.immature else ""),
        (_("of the first step"), formats.percent(step.share_of_first, 1) if place else ""),
        (_("without those too early"), _without(seen, place)),
        (_("of the previous step"), formats.percent(step.share_of_previous, 1) if place else ""),
        (_("median time from the previous"), words.lasted(step.median_days_from_previous)),
        (
            _("contacts before the next step"),
            "" if step.contacts is None else formats.number(step.contacts),
        ),
    ]


def _without(seen: Look, place: int) -> str:
    step = seen.now[place]
    return formats.percent(step.share_of_first_mature, 1) if place and step.immature else ""


def _origins(seen: Look, asked: Asked) -> Callable[[FunnelStep, str, str], Shown]:
    """What shows a number of a step with where it comes from, and who they are."""
    about = {
        name: text
        for name, text in drill.question("funnel", asked.filters, {}).items()
        if name != "lang"
    }
    means = figures.definition("funnel", asked.filters)

    def shown(step: FunnelStep, what: str, text: str) -> Shown:
        query = {"funnel": seen.funnel.name, **about, "step": step.step, "view": "reached"}
        told = step.as_of and formats.as_of(step.as_of, data.zone())
        asks = state.encoded({"kpi": "funnel", "funnel": seen.funnel.name, **about})
        who = f"{places.path('funnels')}?{state.encoded(query)}" if what == "entities" else ""
        return Shown(
            text,
            source=Source("funnel", asks, f"{step.position}.{what}", means, who, as_of=told or ""),
        )

    return shown


def _table(seen: Look, asked: Asked) -> Table:
    before = {step.step: step for step in seen.before}
    of = _origins(seen, asked)
    rows = []
    for place, step in enumerate(seen.now):
        was = before.get(step.step)
        gone = seen.passages[place] if place + 1 < len(seen.now) else None
        into = seen.passages[place - 1] if place else None
        change = seen.changes[place - 1] if place else None
        rows.append(
            [
                f"{place + 1}  {seen.funnel.title(step.step)}",
                of(step, "entities", formats.number(step.entities)),
                of(step, "immature", formats.number(step.immature)),
                of(step, "share_of_first", formats.percent(step.share_of_first, 1)),
                of(step, "share_of_first_mature", formats.percent(step.share_of_first_mature, 1)),
                Shown(
                    words.share(into) if into else "",
                    under=formats.interval(*into.interval, Unit.PERCENT) if into else "",
                ),
                formats.number(was.entities) if was else "",
                _changed(change),
                formats.number(gone.lost) if gone else "",
                words.lasted(step.median_days_from_previous),
                ""
                if step.contacts is None
                else of(step, "contacts", formats.number(step.contacts)),
            ]
        )
    note = _("From the previous step: without those too early to tell, with the 95% interval.")
    if seen.before:
        note += " " + _("Change against {period}.").format(period=seen.before_text)
    return table(
        seen.funnel.called,
        [
            _("Step"),
            Column(_("Reached"), figures=True),
            Column(_("Too early"), figures=True),
            Column(_("Of the first"), figures=True),
            Column(_("Without too early"), figures=True),
            Column(_("From the previous"), figures=True),
            Column(_("Before"), figures=True),
            Column(_("Change"), figures=True),
            Column(_("Drop out"), figures=True),
            Column(_("Median time"), figures=True),
            Column(_("Contacts"), figures=True),
        ],
        rows,
        note=note,
    )


def _changed(change: Difference | None) -> Shown:
    if change is None:
        return Shown("")
    if not change.real:
        return Shown(_("no real difference"), mark="quiet")
    arrow = "▲" if change.better else "▼"
    return Shown(
        f"{arrow} {words.points(change)}",
        under=_("better") if change.better else _("worse"),
        mark="better" if change.better else "worse",
    )
