"""One KPI over time, whole or told apart: target, a year before, what happened, sentence and table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial
from itertools import zip_longest

from kpi import formats, numbers
from kpi.bulletin import sentences_reported, sentences_signals, sentences_trend, trend_tables
from kpi.bulletin.scorecard import Target
from kpi.bulletin.sources import Source
from kpi.bulletin.tables import Table
from kpi.charts import trend
from kpi.charts.lines import Series, colours, lines
from kpi.charts.span import Span
from kpi.charts.theme import INK, QUIET
from kpi.filters import Comparison
from kpi.i18n import _
from kpi.measures.arithmetic import left_out
from kpi.model import Kpi, Result
from kpi.periods import Period, days_of, months_up_to
from kpi.results.reported import Reported
from pages.shared import (
    data,
    drill,
    figures,
    happenings,
    later,
    page,
    places,
    trend_groups,
    trend_signals,
)
from pages.shared.asked import Asked
from pages.shared.dimensions import dimension, group_title

#: Longest period, in days, that is drawn by day, and by week.
_DAILY, _WEEKLY = 31, 190


def usual_grain(period: Period, weekly: int = _WEEKLY) -> str:
    """Days, weeks (up to `weekly` days) or months, by the length of the period."""
    if period.days <= _DAILY:
        return "day"
    return "week" if period.days <= weekly else "month"


def show(asked: Asked, kpi: Kpi) -> None:
    """The KPI over the period asked, or over twelve months where that is shorter than a quarter."""
    page.section(_(kpi.title))
    grain, period = usual_grain(asked.period), asked.period
    if grain == "month" and period.days < 300:
        period = months_up_to(period.until)
    if not one(asked, kpi, Span.of(period, grain)):
        page.quiet(_("Nothing to draw in this period."))
    later.behind(lambda: define(asked, kpi))


def define(asked: Asked, kpi: Kpi) -> None:
    """What the KPI is, what is not in it, and the way to all that is known of it."""
    page.quiet(f"{_(kpi.definition)} {left_out(kpi)}".strip())
    rows = drill.query(kpi.name, asked.filters)
    if rows:
        places.link("rows", _("The rows behind this number"), query=rows)
    places.link(
        "definitions",
        _("How this is counted, and its target"),
        query={**drill.question(kpi.name, asked.filters, {}), "kpi": kpi.name},
    )


def one(asked: Asked, kpi: Kpi, span: Span) -> bool:
    """One line; gives whether there was anything to draw."""
    found = _results(asked, kpi, span)
    if not _any(found):
        return False
    whole = not asked.filters.values("process")
    target = trend_groups.target(kpi, asked.process, span, whole=whole)
    went_on = happenings.told(span, asked.process, kpi.name)
    before, known = _earlier(asked, kpi, span)
    earlier = before.points(known, before.labels()) if known else []
    charted = trend_signals.of(asked, kpi, span).get(())
    limits = trend_signals.usual(charted, span)
    rings = trend_signals.rings(charted, span)
    points = span.points(found, span.labels())
    figure = trend(
        points,
        kpi.unit,
        colour=trend_groups.own_colours(asked).get(asked.process or "", INK),
        target=target.value if target else None,
        target_label=_target_label(kpi, target),
        earlier=earlier,
        earlier_label=_("a year before") if earlier else "",
        flags=went_on.flags(),
        usual=limits,
        rings=rings,
        title=_(kpi.title),
    )
    said = [
        sentences_trend.course(kpi, span.full, found),
        sentences_signals.told(kpi, charted),
        sentences_trend.small_points(found, span.grain in {"month", "quarter"}),
    ]
    # Asked when it is told: below the figure, and in the table.
    reported = cache(partial(_reported, asked, kpi, span))

    def rows() -> Table:
        then = {one.month: _then(kpi, one) for one in reported()}
        said_then = [then.get(name) for name in span.names]
        origin_then = _origin(asked, before)
        drawn = [
            replace(one, earlier=then, source=origin_then(then) if then is not None else None)
            for one, then in zip_longest(trend_signals.beside(charted, span), known)
        ]
        made = trend_tables.periods(kpi, span.full, found, said_then, _origin(asked, span), drawn)
        return _noted(made, sentences_signals.method(charted) if charted is not None else "")

    key = f"trend-{kpi.name}"
    at = dict(zip(span.names, found, strict=True))
    page.chart(
        figure, " ".join(filter(None, said)), rows, key, drill.choose(key),
        tell=(kpi, asked.filters),
        below=lambda: _offer(asked, kpi, span, key, lambda period, _name: at.get(period)),
    )  # fmt: skip
    explained = [
        sentences_signals.made(charted) if charted is not None else "",
        sentences_signals.rings({one.word for one in rings}),
        sentences_trend.marks(kpi, found, len(span.names)),
        _undrawn(kpi, asked, span, target),
    ]
    if not any(limits) and any(one.low is not None and not one.too_few for one in points):
        explained.insert(0, sentences_trend.band())
    later.behind(lambda: _explain(kpi, explained, reported(), went_on))
    return True


def many(asked: Asked, kpi: Kpi, span: Span, by: Sequence[str]) -> bool:
    """A line per group, or a small figure per group; gives whether there was anything to draw."""
    groups = trend_groups.of(asked, kpi, span, by)
    # Lines in one field have no room for a band each.
    apart = trend_groups.apart(groups, by)
    charted = trend_signals.of(asked, kpi, span, by) if apart else {}
    if not any(_any(group.results) for group in groups):
        return False
    drawn = trend_groups.shown(groups)
    rest = [group.name for group in groups if group not in drawn]
    every = [one for group in drawn for one in group.results]
    said = [
        sentences_trend.groups(kpi, span.full, {group.name: group.results for group in drawn}),
        sentences_trend.left_over(rest),
        sentences_trend.small_points(every, span.grain in {"month", "quarter"}),
    ]
    if "process" in by and len({group.target for group in drawn}) > 1:
        said.append(_("Targets differ by process."))
    sentence = " ".join(filter(None, said))
    only_process = tuple(by) == trend_groups.PROCESS
    reported = cache(partial(_reported, asked, kpi, span, by))

    def rows() -> Table:
        then = {(one.process, one.month): _then(kpi, one) for one in reported()}
        made = trend_tables.groups(
            kpi,
            " · ".join(dimension(name) for name in by),
            span.full,
            {group.name: group.results for group in groups},
            _links(asked, kpi, groups) if only_process else {},
            {group.name: [then.get((group.id, name)) for name in span.names] for group in groups},
            _origin(asked, span),
            {group.name: trend_signals.beside(charted.get(group.key), span) for group in groups},
        )
        return _noted(made, sentences_signals.methods(charted.values()))

    went_on = happenings.told(span, asked.process, kpi.name)
    key = "trend-groups"
    at = {
        (name, group.name): result
        for group in drawn
        for name, result in zip(span.names, group.results, strict=True)
    }

    def below() -> None:
        _offer(asked, kpi, span, key, lambda period, name: at.get((period, name)))

    if not apart:
        own = trend_groups.own_colours(asked) if only_process else {}
        painted = colours([group.id for group in drawn], own, QUIET)
        series = trend_groups.series(span, drawn, painted, span.labels())
        figure = _lines(kpi, series, drawn, went_on)
        page.chart(
            figure, sentence, rows, key, drill.choose(key), tell=(kpi, asked.filters),
            below=below,
        )  # fmt: skip
    else:
        page.text(sentence)
        trend_groups.panels(asked, kpi, drawn, by, went_on, charted, rows, key, below)
    explained = [sentences_trend.marks(kpi, every, len(span.names))]
    title = partial(group_title, "process")
    later.behind(lambda: _explain(kpi, explained, reported(), went_on, title))
    return True


def _noted(made: Table, more: str) -> Table:
    """The table with a sentence more below it, and with what is taken along."""
    return replace(made, note=" ".join(filter(None, (made.note, more))))


def _offer(
    asked: Asked, kpi: Kpi, span: Span, key: str,
    of: Callable[[str, str], Result | None],
) -> None:  # fmt: skip
    """What can be done with the point that was clicked."""
    period, name = [*drill.chosen(key), "", ""][:2]
    result = of(period, name)
    if result is None:
        return
    when = formats.bucket(period, span.grain, year=True)
    filters = asked.filters.during(span.period.since, span.period.until)
    drill.offer(filters, kpi, result, f"{name} · {when}" if name else when)


def _origin(asked: Asked, span: Span) -> Callable[[Result], Source]:
    """Where the numbers of what is drawn come from."""
    return figures.of_card(asked.filters.during(span.period.since, span.period.until))


def _lines(
    kpi: Kpi,
    series: Sequence[Series],
    groups: Sequence[trend_groups.Group],
    went_on: happenings.Told,
) -> object:
    shared = {group.target for group in groups}
    target = shared.pop() if len(shared) == 1 else None
    return lines(
        series,
        kpi.unit,
        target=target.value if target else None,
        target_label=_target_label(kpi, target),
        flags=went_on.flags(),
    )


def _reported(asked: Asked, kpi: Kpi, span: Span, by: Sequence[str] = ()) -> list[Reported]:
    """What was reported of each month, where that was kept: by process, and nothing else."""
    if span.grain != "month" or tuple(by) not in {(), trend_groups.PROCESS}:
        return []
    filters = asked.filters.during(span.period.since, span.period.until)
    return data.reported(kpi.name, filters, tuple(by))


def _then(kpi: Kpi, one: Reported) -> sentences_reported.Then | None:
    return sentences_reported.then(kpi, one, data.zone())


def _explain(
    kpi: Kpi, explained: Sequence[str], reported: Sequence[Reported], went_on: happenings.Told,
    title: Callable[[str], str] | None = None,
) -> None:  # fmt: skip
    """Below a figure: how to read it, what was reported otherwise, and what happened."""
    if any(explained):
        page.quiet(" ".join(filter(None, explained)))
    if changed := sentences_reported.changed(kpi, reported, data.zone(), title):
        page.text(changed)
    if went_on.table is not None:
        page.table(went_on.table, "happenings")


def _results(asked: Asked, kpi: Kpi, span: Span) -> list[Result | None]:
    found = data.ask(
        (kpi.name,), asked.filters.during(span.period.since, span.period.until), (span.grain,)
    )
    at = {result.by[span.grain]: result for result in found}
    return [at.get(name) for name in span.names]


def _earlier(asked: Asked, kpi: Kpi, span: Span) -> tuple[Span, list[Result | None]]:
    """The same periods a year before, as far as there are data; none when nothing is compared."""
    before = span.year_before()
    if asked.filters.comparison is Comparison.NONE:
        return before, []
    found = _results(asked, kpi, before)
    first = next((i for i, one in enumerate(found) if one is not None and one.n), len(found))
    # Nothing before the data begin is not the same as none; nor is nobody who left before them.
    told = numbers.known_from(data.store(), kpi) or date.min
    known = [
        None if i < first or days_of(name, span.grain).since < told else one
        for i, (name, one) in enumerate(zip(before.names, found, strict=True))
    ]
    return before, known if _any(known) and len(known) == len(span.names) else []


def _links(asked: Asked, kpi: Kpi, groups: Sequence[trend_groups.Group]) -> dict[str, str]:
    known = data.processes(asked.period.until)
    return {
        group.name: f"{places.path('process')}{asked.query(group.id)}&kpi={kpi.name}"
        for group in groups
        if group.id in known
    }


def _undrawn(kpi: Kpi, asked: Asked, span: Span, drawn: Target | None) -> str:
    """That there is a target, where it is not one of each period."""
    whole = not asked.filters.values("process")
    if drawn is not None or not data.target(kpi, asked.process, span.period.until, whole=whole):
        return ""
    return _("The target is of a whole period, and is not drawn for each part of it.")


def _target_label(kpi: Kpi, target: Target | None) -> str:
    if target is None:
        return ""
    said = formats.aim(target.value, kpi.unit)
    return (_("target {value} (sample)") if target.sample else _("target {value}")).format(
        value=said
    )


def _any(results: Sequence[Result | None]) -> bool:
    return any(one is not None and one.value is not None for one in results)
