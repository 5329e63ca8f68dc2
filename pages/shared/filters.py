"""The filters every page shares: one `Filters` object, kept in the URL, in one fixed order.

In the URL: period (a preset) or since and until, process, channel, compare, lang. A link made by
the command line or an alert (since, until, process=…) is understood too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from kpi import escape, formats
from kpi.filters import Comparison, Filters
from kpi.i18n import LANGUAGES, _, language
from kpi.numbers import held_against
from kpi.periods import Period, add_months
from pages.shared import data, later, state
from pages.shared.chips import KEPT, UNKNOWN, chips, kept, meant
from pages.shared.components import chrome
from pages.shared.dimensions import dimension, group_title
from pages.shared.page import FILTERED

OWN, USUAL = "own", "3m"
#: Whether a page has a choice of process: none, one of them always, or one or all.
NONE, ONE, ANY = "none", "one", "any"
#: What `Asked.query` spells out itself.
_QUESTION = frozenset({"period", "since", "until", "process", "channel", "compare", "lang"})
#: Choices of which a value that is not offered is told; elsewhere another value says the same.
_TOLD = frozenset({"period", "kpi", "by", "by2", "grain"})
#: Unknown names of a link that are spelled out.
_MOST_NAMED = 5
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 12, 31)


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
        """What is held against, to read: a period, or the whole organisation."""
        if self.filters.comparison is Comparison.WHOLE:
            return _("the whole organisation")
        return _name(self.period, self.before) if self.before else ""

    def earlier(self) -> Filters | None:
        """The same question about the period held against; None without comparison."""
        return self.filters.during(self.before.since, self.before.until) if self.before else None

    def query(self, process: str | None = None) -> str:
        """The question as the end of an address, with nothing left to a default."""
        filters = self.filters if process is None else self.filters.keeping("process", [process])
        pairs = [
            (name, text or UNKNOWN) for name, texts in filters.to_query().items() for text in texts
        ]
        return "?" + urlencode([*pairs, ("lang", language())])


def presets(until: date) -> dict[str, Period]:
    """Periods that end with the last complete month, by their name in the URL."""
    start = until.replace(day=1)
    return {
        "1m": Period(start, until),
        USUAL: Period(add_months(start, -2), until),
        "12m": Period(add_months(start, -11), until),
        "year": Period(date(until.year, 1, 1), until),
    }


def _name(period: Period, before: Period) -> str:
    if before.whole_months:
        return formats.period(before.since, before.until)
    if before.since == add_months(period.since, -12):
        return _("the same period a year before")
    return _("the period before")


def show(
    process: str = NONE,
    also: Callable[[], Mapping[str, str]] | None = None,
    keeps: Sequence[str] = (),
    *,
    wait: bool = False,
) -> Asked:
    """Draw the filters and give what they say.

    `process` is NONE (the page shows all side by side), ONE (one is always chosen) or ANY (all,
    or one). `also` draws a page's own choices beside them (with `choice`) and gives what of it
    belongs in the URL, by the names in `state.NAMES`. `keeps` names what else the page can be kept
    to (of `KEPT`): shown where a link or a click asked for it, to be taken off. With `wait` a page
    that stands already gets them when it calls `later.draw`, after its numbers; `also` may then draw
    nothing but with `choice`.
    """
    offered = presets(data.default_period().until)
    own = _own()
    frame = _frame()
    with frame:
        bar = st.container(horizontal=True, gap="small", key="filters", width="content")
    with later.into(bar, wait=wait):
        period = _period(offered, own)
        chosen = _process(period, process == ANY) if process != NONE else ""
        channel = _channel(period)
        comparison = _comparison(period)
    said = {"process": chosen, "channel": channel} | kept(keeps)
    where = {
        name: [meant(one) for one in state.values(text)] for name, text in said.items() if text
    }
    asked = Asked(
        Filters.of(period.since, period.until, comparison, **where),
        period,
        held_against(period, comparison),
        (meant(chosen) or None) if len(state.values(chosen)) == 1 else None,
    )
    chips(keeps)
    own_choices: Mapping[str, str] = {}
    if also:
        own_place = st.container(horizontal=True, gap="small", key="own")
        with later.into(own_place, wait=wait):
            own_choices = also()
    shown = _shown(asked, channel) | kept(keeps) | own_choices
    with later.into(frame, wait=wait):
        later.put(lambda: _tools(asked.query() + _page_own(shown, keeps), _summary(asked)))
    st.session_state[FILTERED] = _summary(asked)
    state.write(shown)
    _not_known()
    return asked


def bare(own: Mapping[str, str] | None = None) -> None:
    """The frame of a page that is not filtered: a link to it, and the language.

    `own`: what of the page belongs in the URL, by the names in `state.NAMES`.
    """
    said = {name: text for name, text in (own or {}).items() if text}
    st.session_state[FILTERED] = ""
    with _frame():
        _tools("?" + urlencode({**said, "lang": language()}), "")
    state.write(said | _language_shown())
    _not_known()


def _not_known() -> None:
    """What the link asked for that no page knows: one line, for it changes what one thinks to see."""
    names = state.unknown()
    if not names:
        return
    said = _("The link also asks for {names}: that cannot be asked here and is left out.")
    shown = ", ".join(f"“{name}”" for name in names[:_MOST_NAMED])
    more = " …" if len(names) > _MOST_NAMED else ""
    st.caption(escape.markdown(said.format(names=shown + more)))


def _frame() -> st.delta_generator.DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center", gap="small", key="frame")


def _tools(query: str, summary: str) -> None:
    with st.container(width="stretch", key="tools"):
        chrome(summary, query, _("Copy link"), _("The link is copied."))
    name = "lang"
    key = state.key(name, language())
    st.segmented_control(
        _("Language"),
        LANGUAGES,
        required=True,
        key=key,
        on_change=state.changed,
        args=(name, key),
        format_func=str.upper,
        label_visibility="collapsed",
    )


def _page_own(shown: Mapping[str, str], keeps: Sequence[str]) -> str:
    """What a page adds to the question, as more of an address: a link brings it back too."""
    own = {n: text for n, text in shown.items() if n not in {*_QUESTION, *keeps} and text}
    return "&" + urlencode(state.pairs(own)) if own else ""


def _shown(asked: Asked, channel: str) -> dict[str, str]:
    process = state.chosen("process") if asked.filters.values("process") else ""
    shown = {"process": asked.process or process, "channel": channel, **_language_shown()}
    preset = state.chosen("period") or (OWN if _own() else USUAL)
    if preset == OWN:
        shown |= {"since": asked.period.since.isoformat(), "until": asked.period.until.isoformat()}
    elif preset != USUAL:
        shown["period"] = preset
    if asked.filters.comparison is not Comparison.PREVIOUS:
        shown["compare"] = asked.filters.comparison.value
    if asked.process:
        shown["kpi"] = state.chosen("kpi")
    return shown


def _language_shown() -> dict[str, str]:
    return {"lang": "" if language() == data.store().settings.language else language()}


def _own() -> Period | None:
    """The period of a link that names its days; what it misses comes from the other day."""
    asked, _refused = Filters.from_query(
        {name: [state.chosen(name)] for name in ("since", "until") if state.chosen(name)}
    )
    since, until = asked.since or asked.until, asked.until or asked.since
    if since is None or until is None:
        if state.chosen("period") == OWN and (state.chosen("since") or state.chosen("until")):
            state.choose("period", USUAL)
        return None
    bounds = [min(max(day, _EARLIEST), _LATEST) for day in (since, until)]
    return Period(*bounds)


def _period(offered: dict[str, Period], own: Period | None) -> Period:
    names = {
        "1m": _("1 month"),
        USUAL: _("3 months"),
        "12m": _("12 months"),
        "year": _("this year"),
    }

    def said(name: str) -> str:
        if name == OWN:
            return _("own period …")
        span = offered[name]
        return f"{formats.period(span.since, span.until)} · {names[name]}"

    usual = USUAL
    if own is not None:
        # A link names the days: where these are those of a choice, that is what one knows them by.
        usual = next((name for name, span in offered.items() if span == own), OWN)
    width = 175 if (state.chosen("period") or usual) == OWN else 280
    name = choice("period", _("Period"), [*offered, OWN], said, usual, width=width)
    if name != OWN:
        return offered[name]
    days = own or offered[USUAL]
    since = _day("since", _("From"), days.since)
    until = _day("until", _("Up to and including"), days.until)
    # Turned round rather than refused: what is meant is plain.
    return Period(min(since, until), max(since, until))


def _day(name: str, label: str, value: date) -> date:
    def draw() -> None:
        key = state.key(name, value)
        st.date_input(
            label,
            key=key,
            on_change=_day_chosen,
            args=(name, key),
            format="DD-MM-YYYY",
            label_visibility="collapsed",
            width=140,
            min_value=_EARLIEST,
            max_value=_LATEST,
        )

    later.put(draw)
    return value


def _day_chosen(name: str, key: str) -> None:
    """A day was chosen: from now on the period is one's own, also where it is like another."""
    state.changed(name, key)
    state.choose("period", OWN)


def _process(period: Period, all_too: bool) -> str:
    known = data.processes(period.until)
    wanted = state.chosen("process")
    if not all_too and len(state.values(wanted)) > 1:
        # A page of one process shows the first of several.
        wanted = state.values(wanted)[0]
        state.choose("process", wanted)
    # A value that is not configured is shown too when a link asks for it.
    options = known if not wanted or wanted in known else [*known, wanted]
    return choice(
        "process",
        _("Customer process"),
        ["", *options] if all_too else options,
        lambda one: _titled("process", one) if one else _("all processes"),
        known[0] if known and not all_too else "",
        width=285,
    )


def _titled(kind: str, text: str) -> str:
    return ", ".join(data.title(kind, meant(one) or None) for one in state.values(text))


def _channel(period: Period) -> str:
    known = data.channels(period.until)
    wanted = state.chosen("channel")
    options = known if not wanted or wanted in known else [*known, wanted]
    return choice(
        "channel",
        _("Channel"),
        ["", *options],
        lambda one: _titled("channel", one) if one else _("all channels"),
        "",
    )


def _comparison(period: Period) -> Comparison:
    def said(name: str) -> str:
        if name == Comparison.WHOLE:
            return _("against {period}").format(period=_("the whole organisation"))
        against = held_against(period, Comparison(name))
        if against is None:
            return _("no comparison")
        return _("against {period}").format(period=_name(period, against))

    spans = [held_against(period, one) for one in Comparison]
    # Twelve months have one period before, whichever way it is said.
    options = [
        one.value
        for i, one in enumerate(Comparison)
        if spans[i] is None or spans[i] not in spans[:i]
    ]
    return Comparison(choice("compare", _("Comparison"), options, said, options[0], width=255))


def choice(
    name: str,
    label: str,
    options: Sequence[str],
    said: Callable[[str], str],
    usual: str,
    width: int = 165,
) -> str:
    """One of `options`, kept in the URL under `name`; `said` gives the words on screen."""
    wanted = state.chosen(name)
    if name in _TOLD and wanted not in options:
        state.refuse(name, wanted)
    value = wanted if wanted in options else usual
    # Streamlit tells options apart by their words: two with the same words would be one.
    words = [said(option) for option in options]
    unique = {
        option: word if words.count(word) == 1 else f"{word} ({option})"
        for option, word in zip(options, words, strict=True)
    }

    def draw() -> None:
        # A choice is known before the run that it brings: it shows what the state holds.
        key = state.key(name, value)
        st.selectbox(
            label,
            options,
            key=key,
            on_change=state.changed,
            args=(name, key),
            format_func=lambda option: unique.get(option, option),
            label_visibility="collapsed",
            width=width,
        )

    later.put(draw)
    return value


def _summary(asked: Asked) -> str:
    said = [formats.period(asked.period.since, asked.period.until)]
    return " · ".join([*said, summary(asked)])


def summary(asked: Asked) -> str:
    """What is kept, in one line: process, channel, and whatever else."""
    said = []
    if asked.filters.values("process"):
        said.append(titles(asked, "process"))
    said.append(titles(asked, "channel") or _("all channels"))
    said += [
        f"{dimension(name)}: {titles(asked, name)}"
        for name, _values in asked.filters.where
        if name in KEPT
    ]
    return " · ".join(said)


def titles(asked: Asked, name: str) -> str:
    """The values kept of a dimension, to read; empty where all are."""
    return ", ".join(group_title(name, one or None) for one in asked.filters.values(name))
