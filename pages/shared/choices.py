"""The choices of the filters, one control each: what is chosen is known before the control is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

import streamlit as st

from kpi import formats
from kpi.filters import Comparison, Filters
from kpi.i18n import _
from kpi.numbers import held_against
from kpi.periods import Period
from pages.shared import data, later, state
from pages.shared.asked import USUAL, name_of, presets
from pages.shared.chips import meant

T = TypeVar("T")
#: The period of a link, or of one's own: two days.
OWN = "own"
#: Choices of which a value that is not offered is told; elsewhere another value says the same.
_TOLD = frozenset({"period", "kpi", "by", "by2", "grain", "funnel", "split"})
#: Where the words of what is chosen otherwise than usual are kept, while somebody gathers them.
_SAID = "_said-choices"
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 12, 31)


def gathered(draw: Callable[[], T]) -> tuple[T, list[str]]:
    """What `draw` gives, and the words of what is chosen in it otherwise than usual."""
    st.session_state[_SAID] = []
    try:
        found = draw()
    finally:
        said: list[str] = st.session_state.pop(_SAID)
    return found, said


def own() -> Period | None:
    """The period of a link that names its days; None where it names none.

    Of a link with one of them: from that day up to the last full month, or the usual months up to it.
    """
    days = {name: _named(name) for name in ("since", "until")}
    since, until = days["since"], days["until"]
    if since is None and until is None:
        if state.chosen("period") == OWN and (state.chosen("since") or state.chosen("until")):
            state.settle("period", USUAL)
        return None
    if until is None:
        assert since is not None
        until = max(since, data.default_period().until)
    elif since is None:
        since = max(presets(until)[USUAL].since, _EARLIEST)
    # Turned round rather than refused: what is meant is plain.
    return Period(min(since, until), max(since, until))


def _named(name: str) -> date | None:
    """The day that a link names; told where there is no such day, else it shows another period without a word."""
    text = state.chosen(name)
    asked, refused = Filters.from_query({name: [text] if text else []})
    day = asked.since or asked.until
    if refused or (day is not None and not _EARLIEST <= day <= _LATEST):
        state.refuse(name, text)
    return None if day is None else min(max(day, _EARLIEST), _LATEST)


def period(offered: dict[str, Period], linked: Period | None) -> Period:
    """The period: one of those offered, or one's own."""
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
    if linked is not None:
        # A link names the days: where these are those of a choice, that is what one knows them by.
        usual = next((name for name, span in offered.items() if span == linked), OWN)
    width = 175 if (state.chosen("period") or usual) == OWN else 280
    name = choice("period", _("Period"), [*offered, OWN], said, usual, width=width)
    if name != OWN:
        return offered[name]
    days = linked or offered[USUAL]
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


def process(period: Period, all_too: bool) -> str:
    """The customer process, as it is coded; empty for all, where `all_too`."""
    known = data.processes(period.until)
    wanted = state.chosen("process")
    if not all_too and len(state.values(wanted)) > 1:
        # A page of one process shows the first of several, and none is not one of them.
        wanted = next(filter(None, state.values(wanted)), "")
        state.settle("process", wanted)
    if not all_too:
        state.only_first("process", wanted)
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


def channel(period: Period) -> str:
    """The channel, as it is coded; empty for all."""
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


def comparison(period: Period) -> Comparison:
    """What the period is held against."""

    def said(name: str) -> str:
        if name == Comparison.WHOLE:
            return _("against {period}").format(period=_("the whole organisation"))
        against = held_against(period, Comparison(name))
        if against is None:
            return _("no comparison")
        return _("against {period}").format(period=name_of(period, against))

    wanted = state.chosen("compare")
    if wanted not in {one.value for one in Comparison}:
        state.refuse("compare", wanted)
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
    if value != usual and _SAID in st.session_state:
        st.session_state[_SAID].append(unique[value])
    return value
