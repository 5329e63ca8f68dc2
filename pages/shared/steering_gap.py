"""The same handling whatever the channel, and calls against online."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kpi import formats
from kpi.bulletin import Table, sentences_steering, sentences_trend, table, trend_tables
from kpi.bulletin.sentences_avoidable import listed
from kpi.bulletin.sources import Source
from kpi.bulletin.tables import Column, Shown, Value
from kpi.charts import trend
from kpi.charts.pairs import Pair, explained, pairs
from kpi.charts.span import Span
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.measures.arithmetic import left_out
from kpi.model import Result, Unit
from kpi.periods import months_up_to
from pages.shared import data, drill, figures, heads, later, page
from pages.shared.asked import Asked
from pages.shared.chips import UNKNOWN

GAP, ONLINE = KPIS["channel_gap"], KPIS["online_share"]
_SHARE = "within_norm"
#: The figures that can be clicked.
_GAPS, _MONTHS = "channel-gap", "online-months"
#: What handling is, whatever the channel (D1): none of it hangs on how a customer came in.
HANDLING = ("within_norm", "first_contact_resolution", "context_kept", "csat")
_LEAST: int = GAP.options["least"]


def show_gap(kept: Filters) -> None:
    """Per process the best and the worst channel, within norm."""
    page.section(_("The same handling, whatever the channel"))
    gaps = {one.by["process"]: one for one in data.ask((GAP.name,), kept, ("process",)) if one.n}
    shares = {
        (one.by["process"], one.by["channel"]): one
        for one in data.ask((_SHARE,), kept, ("process", "channel"))
    }
    titles = {process: data.title("process", process) for process in gaps}
    sentence = sentences_steering.of_gaps({titles[p]: one for p, one in gaps.items()}, _LEAST)
    told = sorted(
        (process for process, one in gaps.items() if one.value is not None),
        key=lambda process: -(gaps[process].value or 0),
    )
    if told:
        made = [_pair(titles[one], gaps[one], shares, one) for one in told]
        ends = {
            _key(process, channel): drill.Point(
                shares[process, channel],
                f"{_(KPIS[_SHARE].title)} · {titles[process]} · {data.title('channel', channel)}",
            )
            for process in told
            for channel in (gaps[process].extras.get(end) for end in ("highest", "lowest"))
            if (process, channel) in shares
        }
        filled = _("best channel")
        figure = pairs(made, filled=filled, hollow=_("worst channel"))
        page.chart(
            figure, sentence, lambda: gap_rows(told, gaps, shares, kept), _GAPS,
            drill.choose(_GAPS), tell=(KPIS[_SHARE], kept), below=drill.below(kept, _GAPS, ends),
        )  # fmt: skip
        said = [explained(made, filled)]
    else:
        page.text(sentence)
        said = []
    about = _(
        "Cases within norm, of channels with {least} cases or more. Exploratory: channels are "
        "used for different things, so a difference asks for a look and proves nothing."
    )
    page.quiet(" ".join([*said, about.format(least=_LEAST)]))


def show_handling(kept: Filters) -> None:
    """How cases and questions went, per channel they came in by."""
    rows = handling_rows(kept)
    if not rows.rows:
        return
    page.section(_("Handling per channel"))
    page.text(
        _(
            "Whatever the channel: on time, right first time, without having to ask again, and "
            "to the customer's satisfaction."
        )
    )
    page.table(rows, "channel-handling")


def handling_rows(kept: Filters) -> Table:
    """One row a channel: in time, right first time, linked to what was known, satisfied."""
    found: dict[str | None, dict[str, Result]] = {}
    for one in data.ask(HANDLING, kept, ("channel",)):
        if one.n:
            found.setdefault(one.by["channel"], {})[one.kpi] = one
    known = data.channels(data.default_day())
    order = sorted(
        found, key=lambda c: (c is None, known.index(c) if c in known else len(known), str(c))
    )
    return table(
        _("Handling per channel"),
        [_("Channel"), *(heads.of(name) for name in HANDLING)],
        [
            [data.title("channel", one), *(_cell(kept, found[one].get(name)) for name in HANDLING)]
            for one in order
        ],
    )


def _cell(kept: Filters, one: Result | None) -> Value:
    if one is None or one.value is None:
        return formats.NOTHING
    if one.too_few:
        return Shown(formats.NOTHING, mark="quiet", under=_("too few"))
    between = formats.interval(one.low, one.high, Unit.PERCENT)
    return figures.shown(kept, one, under=f"{between} · n = {formats.number(one.n)}")


def _pair(
    name: str,
    gap: Result,
    shares: dict[tuple[str | None, str | None], Result],
    process: str | None,
) -> Pair:
    best, worst = (shares.get((process, gap.extras.get(end))) for end in ("highest", "lowest"))
    sure = gap.low is not None and gap.low > 0
    ends = " – ".join(
        f"{data.title('channel', gap.extras.get(end))} {_said(one)}"
        for end, one in (("highest", best), ("lowest", worst))
    )
    return Pair(
        name,
        best.value if best else None,
        best.low if best else None,
        best.high if best else None,
        worst.value if worst else None,
        ends,
        pale=not sure,
        facts=_facts(gap.extras.get("highest"), best),
        other_facts=_facts(gap.extras.get("lowest"), worst),
        key=_key(process, gap.extras.get("highest")),
        other_key=_key(process, gap.extras.get("lowest")),
    )


def _facts(channel: str | None, one: Result | None) -> tuple[str, ...]:
    """What a channel's own dot tells: not the difference, which is of both."""
    if one is None:
        return (data.title("channel", channel),)
    between = formats.interval(one.low, one.high, Unit.PERCENT)
    return (
        f"{data.title('channel', channel)}: {_said(one)}",
        _("95% interval {interval}").format(interval=between),
        f"n = {formats.number(one.n)}",
    )


def _key(process: str | None, channel: str | None) -> str:
    return f"{process or UNKNOWN} {channel or UNKNOWN}"


def _said(one: Result | None) -> str:
    return formats.value(one.value, Unit.PERCENT, one.low, one.high) if one else formats.NOTHING


def gap_rows(
    processes: Sequence[str | None],
    gaps: dict[str | None, Result],
    shares: dict[tuple[str | None, str | None], Result],
    kept: Filters,
) -> Table:
    """One row a process: both ends, the difference with its interval, and that of grades."""
    rows: list[list[Value]] = []
    for process in processes:
        gap = gaps[process]
        cells: list[Value] = []
        for end in ("highest", "lowest"):
            channel = gap.extras.get(end)
            one = shares.get((process, channel))
            where = {"process": process, "channel": channel}
            cells.append(
                Shown(
                    data.title("channel", channel),
                    under=_("{share} (n = {n})").format(
                        share=_said(one), n=formats.number(one.n if one else 0)
                    ),
                    href=drill.link(_SHARE, kept, where, "denominator"),
                )
            )
        rows.append(
            [
                data.title("process", process),
                *cells,
                Shown(
                    formats.value(gap.value, Unit.POINTS),
                    source=figures.source(kept, gap),
                    under=formats.interval(gap.low, gap.high, Unit.POINTS),
                ),
                Shown(
                    formats.number(gap.extras.get("grade_gap"), 1),
                    source=figures.beside(kept, gap, "grade_gap"),
                    under=formats.interval(
                        gap.extras.get("grade_gap_low"),
                        gap.extras.get("grade_gap_high"),
                        Unit.GRADE,
                    ),
                ),
            ]
        )
    return table(
        _(GAP.title),
        [
            _("Customer process"),
            _("Best channel"),
            _("Worst channel"),
            Column(_("Points apart"), figures=True, help=_(GAP.definition)),
            Column(_("Grades apart"), figures=True, wrap=True),
        ],
        rows,
    )


def show_online(asked: Asked, kept: Filters) -> None:
    """The share done online over the months, and per reason online against calls."""
    page.section(_("Calls against online"))
    [whole] = data.ask((ONLINE.name,), kept)
    page.text(sentences_steering.of_online(whole))
    if not whole.n:
        page.quiet(
            _(
                "Load contacts with a reason from both ways, or totals per period of online "
                "transactions and of calls."
            )
        )
        return
    _course(asked, kept)
    later.behind(lambda: _online_reasons(kept, whole))


def _online_reasons(kept: Filters, whole: Result) -> None:
    page.table(online_rows(kept, whole), "online-reasons")
    page.quiet(f"{_(ONLINE.definition)} {left_out(ONLINE)}")


def _course(asked: Asked, kept: Filters) -> None:
    """Month by month; one whose totals are still to come counts less and is no lower share."""
    months = months_up_to(asked.period.until)
    span = Span.of(months, "month")
    at = {
        one.by["month"]: one
        for one in data.ask((ONLINE.name,), kept.during(months.since, months.until), ("month",))
    }
    found = [at.get(name) for name in span.names]
    waits = without_totals(found)
    points = [
        replace(point, partial=point.partial or place in waits)
        for place, point in enumerate(span.points(found, span.labels()))
    ]
    said = sentences_trend.course(
        ONLINE, span.full, [None if i in waits else one for i, one in enumerate(found)]
    )
    if waits:
        said += " " + _(
            "Of {months} no totals are known, as they are of other months: drawn hollow."
        ).format(months=listed([span.full[place] for place in waits]))
    page.chart(
        trend(points, ONLINE.unit, title=_(ONLINE.title)),
        said,
        lambda: trend_tables.periods(
            ONLINE,
            span.full,
            found,
            [None] * len(found),
            figures.of_card(kept.during(months.since, months.until)),
        ),
        _MONTHS,
        drill.choose(_MONTHS),
        tell=(ONLINE, kept),
        below=drill.below(
            kept.during(months.since, months.until),
            _MONTHS,
            {
                name: drill.Point(one, f"{_(ONLINE.title)} · {full}")
                for name, full, one in zip(span.names, span.full, found, strict=True)
                # Totals came as one figure: they have no rows.
                if one is not None and one.n and not one.extras.get("from_totals")
            },
        ),
    )
    page.quiet(sentences_trend.band())


def without_totals(found: Sequence[Result | None]) -> list[int]:
    """The places without totals, where others have them: their mix is another one."""
    totals = [(one.extras.get("from_totals") or 0) if one is not None else None for one in found]
    if not any(totals):
        return []
    return [place for place, amount in enumerate(totals) if amount == 0]


def online_rows(kept: Filters, whole: Result) -> Table:
    """One row a reason, most transactions first; the last is all of them."""
    found = [one for one in data.ask((ONLINE.name,), kept, ("reason",)) if one.n]
    found.sort(key=lambda one: (-one.n, str(one.by["reason"])))
    return table(
        _("Calls against online"),
        [
            _("Reason"),
            Column(_("Online"), figures=True),
            Column(_("Calls"), figures=True),
            Column(_("Share online"), figures=True),
            Column(_("Calls per 100 online"), figures=True, wrap=True),
        ],
        [
            *(_online_row(kept, _reason(one), one) for one in found),
            _online_row(kept, _("Total"), whole, "strong"),
        ],
        tall=14,
    )  # fmt: skip


def _reason(one: Result) -> str:
    if one.by["reason"] is None and one.extras.get("from_totals"):
        return _("totals without a reason")
    return data.title("reason", one.by["reason"])


def _counted(kept: Filters, one: Result, what: str, totals: float) -> Source:
    """Where it comes from; a total that came as one figure has no rows to show."""
    found = figures.source(kept, one, what, "missed" if what == "missed" else "")
    return replace(found, rows="", count=None) if totals else found


def _online_row(kept: Filters, name: str, one: Result, mark: str = "") -> list[Value]:
    online = one.numerator or 0
    totals = one.extras.get("from_totals") or 0
    under = _("{n} from totals").format(n=formats.number(totals)) if totals else ""
    calls = one.extras.get("call_to_online")
    return [
        Shown(name, under=under, mark=mark),
        Shown(formats.number(online), mark=mark, source=_counted(kept, one, "numerator", totals)),
        Shown(
            formats.number((one.denominator or 0) - online),
            mark=mark,
            source=_counted(kept, one, "missed", totals),
        ),
        Shown(formats.NOTHING, mark=mark)
        if one.too_few
        else Shown(
            _said(one),
            under=formats.interval(one.low, one.high, Unit.PERCENT),
            mark=mark,
            source=_counted(kept, one, "value", totals),
        ),
        Shown(
            formats.number(100 * calls) if calls is not None else formats.NOTHING,
            mark=mark,
            source=figures.beside(kept, one, "call_to_online") if calls is not None else None,
        ),
    ]
