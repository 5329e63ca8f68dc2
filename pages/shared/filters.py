"""The filters every page shares: one `Filters` object, bound to the URL, in one fixed order.

The widgets' keys are the URL's parameters: period (a preset) or since and until, process, channel,
compare, lang. A link made by the command line or an alert (since, until, process=…) is understood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

import streamlit as st

from kpi import formats
from kpi.filters import Comparison, Filters
from kpi.i18n import LANGUAGE_NAMES, LANGUAGES, _, closest, language
from kpi.periods import Period, add_months
from pages.shared import data
from pages.shared.components import chrome

OWN = "own"


@dataclass(frozen=True)
class Asked:
    """What the visitor asks: the filters, with the period and what it is held against spelled out.

    `process` is the one chosen, None for all; the filters hold it too.
    """

    filters: Filters
    period: Period
    before: Period | None
    process: str | None

    @property
    def before_text(self) -> str:
        """The period held against, to read."""
        return formats.period(self.before.since, self.before.until) if self.before else ""

    def earlier(self) -> Filters | None:
        """The same question about the period held against; None without comparison."""
        return self.filters.during(self.before.since, self.before.until) if self.before else None

    def query(self, process: str | None = None) -> str:
        """The question as the end of an address, with nothing left to a default."""
        filters = self.filters if process is None else self.filters.keeping("process", [process])
        pairs = [(name, text) for name, texts in filters.to_query().items() for text in texts]
        return "?" + urlencode([*pairs, ("lang", language())])


def presets(until: date, first: date | None = None) -> dict[str, Period]:
    """Periods that end with the last complete month, by their name in the URL."""
    start = until.replace(day=1)
    found = {
        "3m": Period(add_months(start, -2), until),
        "1m": Period(start, until),
        "12m": Period(add_months(start, -11), until),
        "year": Period(date(until.year, 1, 1), until),
    }
    if first is not None and first < found["12m"].since:
        found["all"] = Period(first.replace(day=1), until)
    return found


def held_against(period: Period, comparison: Comparison) -> Period | None:
    """The period that `period` is compared with."""
    if comparison is Comparison.PREVIOUS:
        return period.previous()
    return period.year_before() if comparison is Comparison.YEAR else None


def choose_language() -> str:
    """The language asked for by widget or URL; that of the settings otherwise."""
    wanted = st.session_state.get("lang") or st.query_params.get("lang")
    return closest(wanted, data.store().settings.language)


def language_widget(default: str) -> None:
    """Dutch or English."""
    order = [default, *(one for one in LANGUAGES if one != default)]
    st.segmented_control(
        _("Language"),
        order,
        default=default,
        required=True,
        key="lang",
        format_func=lambda one: f"{one.upper()}",
        bind="query-params",
        label_visibility="collapsed",
        help=" · ".join(LANGUAGE_NAMES[one] for one in order),
    )


def show(with_process: bool) -> Asked:
    """Draw the filters and give what they say. `with_process`: let a process be chosen."""
    whole = data.default_period()
    offered = presets(whole.until)
    if OWN not in offered and "period" not in st.session_state:
        given = {"since", "until"} & set(st.query_params)
        if given and "period" not in st.query_params:
            st.session_state["period"] = OWN
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="frame"):
        with st.container(horizontal=True, gap="small", key="filters", width="content"):
            period = _period(offered)
            process = _process(period) if with_process else None
            channel = _one_of(
                "channel",
                _("Channel"),
                ["", *data.channels(period.until)],
                lambda one: data.title("channel", one) if one else _("all channels"),
            )
            comparison = Comparison(_comparison(period))
        where = {"process": [process] if process else [], "channel": [channel] if channel else []}
        asked = Asked(
            Filters.of(period.since, period.until, comparison, **where),
            period,
            held_against(period, comparison),
            process,
        )
        with st.container(width="stretch", key="chrome-place"):
            chrome(
                _summary(asked, channel), asked.query(), _("Copy link"), _("The link is copied.")
            )
        language_widget(data.store().settings.language)
    return asked


def bare() -> None:
    """The frame of a page that is not filtered: a link to it, and the language."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="frame"):
        with st.container(width="stretch", key="chrome-place"):
            query = "?" + urlencode({"lang": language()})
            chrome("", query, _("Copy link"), _("The link is copied."))
        language_widget(data.store().settings.language)


def _period(offered: dict[str, Period]) -> Period:
    names = {
        "1m": _("1 month"),
        "3m": _("3 months"),
        "12m": _("12 months"),
        "year": _("this year"),
        "all": _("everything"),
    }

    def said(name: str) -> str:
        if name == OWN:
            return _("own period …")
        span = offered[name]
        return f"{formats.period(span.since, span.until)} · {names[name]}"

    name = _one_of("period", _("Period"), [*offered, OWN], said, width=245)
    if name != OWN:
        return offered[name]
    return _own_period(offered["3m"])


def _own_period(otherwise: Period) -> Period:
    pattern = "DD-MM-YYYY"
    since = st.date_input(
        _("From"), value=otherwise.since, key="since", format=pattern, bind="query-params",
        label_visibility="collapsed", width=150, min_value=date(1990, 1, 1),
        max_value=date(2100, 12, 31),
    )  # fmt: skip
    until = st.date_input(
        _("Up to and including"), value=otherwise.until, key="until", format=pattern,
        bind="query-params", label_visibility="collapsed", width=150, min_value=date(1990, 1, 1),
        max_value=date(2100, 12, 31),
    )  # fmt: skip
    since = since if isinstance(since, date) else otherwise.since
    until = until if isinstance(until, date) else otherwise.until
    # Turned round rather than refused: what is meant is plain.
    return Period(min(since, until), max(since, until))


def _process(period: Period) -> str:
    known = data.processes(period.until)
    wanted = st.session_state.get("process") or st.query_params.get("process")
    # A value that is not configured is shown too when a link asks for it.
    options = known if not wanted or wanted in known else [*known, str(wanted)]
    return _one_of(
        "process", _("Customer process"), options, lambda one: data.title("process", one), width=270
    )


def _comparison(period: Period) -> str:
    def said(name: str) -> str:
        against = held_against(period, Comparison(name))
        if against is None:
            return _("no comparison")
        return _("against {period}").format(period=formats.period(against.since, against.until))

    return _one_of("compare", _("Comparison"), [one.value for one in Comparison], said, width=225)


def _one_of(
    key: str, label: str, options: list[str], said: Callable[[str], str], width: int = 165
) -> str:
    chosen = st.selectbox(
        label, options, key=key, format_func=said, bind="query-params",
        label_visibility="collapsed", width=width,
    )  # fmt: skip
    return chosen if chosen is not None else options[0]


def _summary(asked: Asked, channel: str) -> str:
    said = [formats.period(asked.period.since, asked.period.until)]
    if asked.process:
        said.append(data.title("process", asked.process))
    said.append(data.title("channel", channel) if channel else _("all channels"))
    return " · ".join(said)


def months_up_to(until: date, months: int = 12) -> tuple[date, date]:
    """The last `months` calendar months, the one of `until` included, ending on `until`."""
    first = add_months(until.replace(day=1), 1 - months)
    return first, until + timedelta(0)
