"""Datakwaliteit: what is missing and what to do about it, which deliveries are late, what was set aside."""

from __future__ import annotations

from datetime import date

import streamlit as st

from kpi import formats
from kpi.alerts.rules import LATE
from kpi.bulletin import Column, sentences_quality, table
from kpi.bulletin.tables import Shown, Value
from kpi.charts.coverage import missing
from kpi.i18n import _, ngettext
from kpi.numbers.feeds import feeds
from kpi.numbers.quality import Quality, quality
from kpi.numbers.unconfigured import unknown_codes
from kpi.periods import Period, months_up_to
from kpi.query.quality import COVERED
from kpi.results.quality import INDICATIVE, Coding, Coverage, Part, Step
from pages.manage import aside, deliveries, words
from pages.shared import data, empty, filters, frame, page, places
from pages.shared.asked import Asked

#: Rows of a table in sight before it scrolls.
_TALL = 12
_YEAR = 12


def show() -> None:
    """The page."""
    if not data.loaded_tables():
        frame.bare()
        empty.nothing_loaded()
        return
    known = feeds(data.store())
    late = [one for one in known if one.asks_attention]
    if not data.funnels_loaded():
        # There are data, and none of them tell a time: only deliveries can be told of.
        frame.bare()
        page.heading(sentences_quality.title(late, []))
        deliveries.show(known)
        return
    # All channels are told together.
    asked = filters.show(filters.ANY, channel=False)
    found = _ask(asked, asked.period)
    page.heading(
        sentences_quality.title(late, found.gaps),
        [
            formats.period(asked.period.since, asked.period.until),
            page.as_of(data.store().as_of([one.table for one in COVERED])),
            _rows(found),
        ],
    )
    _gaps(found)
    next_step = st.container()
    deliveries.show(known)
    _months(_ask(asked, _a_year(asked.period)))
    with st.container(key="why"):
        left, right = st.columns(2, gap="large")
        with left:
            _steps(found.steps, asked)
        with right:
            _coding(found.coding)
    aside.show(found.aside)
    with next_step:
        # Looking for codes reads every fact: nothing else on the page waits for it.
        _next(found)


def _ask(asked: Asked, period: Period) -> Quality:
    process = asked.process
    where = asked.filters.values("process")
    if process is None and where:
        process = where[0]
    return data.cached(
        "quality",
        (period, process),
        lambda: quality(data.store(), period, process, data.SCOPE),
    )


def _a_year(period: Period) -> Period:
    """The period, or the twelve months up to its end: a course needs some length."""
    year = months_up_to(period.until)
    return Period(min(year.since, period.since), period.until)


def _rows(found: Quality) -> str:
    told: dict[str, int] = {}
    for one in found.coverage:
        told.setdefault(one.table, one.whole.n)
    return ", ".join(
        f"{formats.number(n)} {formats.lower_first(words.table_title(name))}"
        for name, n in told.items()
    )


# -- what is missing -----------------------------------------------------------------------------


def _gaps(found: Quality) -> None:
    gaps = found.gaps
    if not gaps:
        if found.coverage:
            page.text(_("Of every field at least 95% is filled in."))
        return
    rows: list[list[Value]] = []
    for one in gaps:
        weak, split = sentences_quality.weakens(one)
        rows.append(
            [
                Shown(
                    sentences_quality.field_title(one.field),
                    under=sentences_quality.rows_title(one),
                ),
                _percent(_absent(one.whole)),
                formats.number(one.whole.n - one.whole.filled),
                _worst(one),
                Shown(weak, under=split),
            ]
        )
    page.section(_("What is missing, and which figures that makes less sure"))
    page.table(
        table(
            _("What is missing, and which figures that makes less sure"),
            [
                _("Without"),
                Column(_("Share"), figures=True),
                Column(_("Rows"), figures=True),
                _("Most in"),
                _("Makes less sure"),
            ],
            rows,
        ),
        "gaps",
    )


def _next(found: Quality) -> None:
    """What can be done about it, and where."""
    codes = data.cached(
        "unknown-codes", (), lambda: unknown_codes(data.store(), data.default_day())
    )
    unknown = [one for one in codes if not one.ignored]
    if found.gaps:
        page.text(
            _(
                "What to do: if your source does have it, match its column when loading and load the "
                "file again; rows that are here already are completed. If it has not, agree on who "
                "records it from now on."
            )
        )
    with st.container(horizontal=True, gap="medium"):
        if found.gaps:
            places.link("load", _("Load data"), icon=":material/upload_file:")
        if unknown:
            said = ngettext(
                "{n} code is not configured yet", "{n} codes are not configured yet", len(unknown)
            )
            places.link("codes", said.format(n=formats.number(len(unknown))), ":material/sell:")


def _worst(one: Coverage) -> Value:
    if one.worst is None or one.field == "process":
        return ""
    process, part = one.worst
    if (part.share or 0.0) >= (one.whole.share or 0.0):
        # What is missing has no process either.
        return ""
    return Shown(data.title("process", process), under=_percent(_absent(part)))


def _absent(part: Part) -> float | None:
    return None if part.share is None else 1 - part.share


def _percent(share: float | None) -> str:
    return formats.NOTHING if share is None else formats.percent(100 * share)


def _months(found: Quality) -> None:
    told = [one for one in found.coverage if one.whole.share is not None and one.whole.share < 1]
    if not told:
        return
    months = sorted({month for one in told for month in one.months})
    names = [
        f"{sentences_quality.rows_title(one)} · {sentences_quality.field_title(one.field)}"
        for one in told
    ]
    shares = [[_absent(one.months.get(month, Part())) for month in months] for one in told]
    # With the year only where a month would be there twice.
    titles = [formats.bucket(month, "month", year=len(months) > _YEAR) for month in months]

    def hover(row: int, column: int) -> str:
        part = told[row].months.get(months[column], Part())
        return "<br>".join(
            [
                f"<b>{names[row]}</b>",
                titles[column],
                _("{n} of {all} missing").format(
                    n=formats.number(part.n - part.filled), all=formats.number(part.n)
                ),
            ]
        )

    page.section(_("Missing per month"))
    figures = missing(
        names,
        titles,
        shares,
        lambda share: formats.number(100 * share),
        hover,
        st.context.theme.type or "light",
    )
    rows = [
        [name, *(_percent(share) for share in line)]
        for name, line in zip(names, shares, strict=True)
    ]
    page.chart(
        figures,
        _("Share that is missing, in percent; the fuller the colour, the more. {worst}").format(
            worst=_turned(told)
        ),
        lambda: table(
            _("Missing per month"),
            ["", *(Column(title, figures=True) for title in titles)],
            rows,
        ),
        "missing",
        # Of what is missing in a file no alert can be made; of a file that does not come, or fails.
        tell=LATE,
    )


#: A field whose share changed by so much between its first and its last months is worth a word.
_TURN, _SPAN = 0.1, 3


def _turned(told: list[Coverage]) -> str:
    """Which field became much worse or better over the period, in a sentence; empty for none."""
    found: list[tuple[float, Coverage]] = []
    for one in told:
        parts = list(one.months.values())
        if len(parts) < 2 * _SPAN:
            continue
        first = _absent(sum(parts[:_SPAN], Part()))
        last = _absent(sum(parts[-_SPAN:], Part()))
        if first is not None and last is not None and abs(last - first) >= _TURN:
            found.append((last - first, one))
    if not found:
        return ""
    change, one = max(found, key=lambda pair: abs(pair[0]))
    said = (
        _("{rows}: more and more without {field}.")
        if change > 0
        else _("{rows}: fewer and fewer without {field}.")
    )
    return said.format(
        rows=sentences_quality.rows_title(one), field=sentences_quality.field_title(one.field)
    )


# -- chains and coding ---------------------------------------------------------------------------


def _steps(steps: tuple[Step, ...], asked: Asked) -> None:
    if not steps:
        return
    told = [one for one in steps if not one.optional]
    measured, passed = sum(one.measured for one in told), sum(one.passed for one in told)
    page.section(_("Measurable chain steps"))
    page.text(
        _(
            "Of the steps that cases are known to have passed, {share} can be seen in the data."
        ).format(share=_percent(measured / passed if passed else None))
    )
    on = asked.period.until
    rows: list[list[Value]] = []
    before: str | None = ""
    for one in steps:
        name = data.title("process", one.process) if one.process != before else ""
        before = one.process
        moment = data.title("moment", one.moment)
        rows.append(
            [
                name,
                Shown(moment, under=_("not every case passes it") if one.optional else ""),
                formats.number(one.passed),
                _percent(one.share),
            ]
        )
    rows += _never(steps, on)
    page.table(
        table(
            _("Measurable chain steps"),
            [
                _("Customer process"),
                _("Contact moment"),
                Column(_("Passed"), figures=True),
                Column(_("In the data"), figures=True),
            ],
            rows,
            tall=_TALL,
        ),
        "steps",
    )


def _never(steps: tuple[Step, ...], on: date) -> list[list[Value]]:
    """Configured moments of these processes that nothing is known of."""
    seen = {(one.process, one.moment) for one in steps}
    return [
        [
            data.title("process", row["process"]),
            data.title("moment", row["moment"]),
            formats.NOTHING,
            formats.NOTHING,
        ]
        for process in dict.fromkeys(one.process for one in steps)
        if process is not None
        for row in data.store().configuration.moments(on, process)
        if (row["process"], row["moment"]) not in seen
    ]


def _coding(coding: tuple[Coding, ...]) -> None:
    shown = [one for one in coding if one.n >= INDICATIVE]
    if not shown:
        return
    page.section(_("Coding of reasons per department"))
    page.text(_coding_sentence(shown))
    page.table(
        table(
            _("Coding of reasons per department"),
            [
                _("Department"),
                Column(_("Contacts"), figures=True),
                Column(_("With a reason"), figures=True),
                Column(_("Configured"), figures=True),
                Column(_("“Other”"), figures=True, help=_("Reasons that say nothing")),
            ],
            [
                [
                    data.title("department", one.department)
                    if one.department
                    else _("without a case or department"),
                    formats.number(one.n),
                    *(_percent(count / one.n) for count in (one.given, one.configured, one.other)),
                ]
                for one in shown
            ],
            note=_(
                "Inbound contacts, by the department of their case; from {n} contacts on. In which team "
                "somebody works is not in the data."
            ).format(n=INDICATIVE),
            tall=_TALL,
        ),
        "coding",
    )


def _coding_sentence(shown: list[Coding]) -> str:
    least = min(shown, key=lambda one: one.given / one.n)
    name = data.title("department", least.department) if least.department else ""
    share = _percent(least.given / least.n)
    if not name:
        return _(
            "Contacts without a case or department have a reason least often: {share}."
        ).format(share=share)
    return _("{department} gives a reason least often: {share} of its contacts have one.").format(
        department=name, share=share
    )
