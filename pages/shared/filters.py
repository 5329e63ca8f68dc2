"""The filters every page shares: one `Filters` object, kept in the URL, in one fixed order.

In the URL: period (a preset) or since and until, process, channel, compare, lang. A link made by
the command line or an alert (since, until, process=…) is understood too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from kpi.filters import DIMENSIONS, Comparison, Filters
from kpi.numbers import held_against
from kpi.results.rows import BESIDES
from pages.shared import choices, data, frame, later, state
from pages.shared.asked import USUAL, Asked, presets, summary_of
from pages.shared.chips import OF_CUSTOMERS, chips, kept, meant
from pages.shared.choices import OWN
from pages.shared.page import FILTERED

#: Whether a page has a choice of process: none, one of them always, or one or all.
NONE, ONE, ANY = "none", "one", "any"
#: What `Asked.query` spells out itself.
_QUESTION = frozenset({"period", "since", "until", "process", "channel", "compare", "lang"})


def show(
    process: str = NONE,
    also: Callable[[], Mapping[str, str]] | None = None,
    keeps: Sequence[str] = (),
    *,
    channel: bool = True,
    wait: bool = False,
) -> Asked:
    """Draw the filters and give what they say.

    `process` is NONE (the page shows all side by side), ONE (one is always chosen) or ANY (all,
    or one). `also` draws a page's own choices beside them (with `choices.choice`) and gives what of it
    belongs in the URL, by the names in `state.NAMES`. `keeps` names what else the page can be kept
    to (of `KEPT`): shown where a link or a click asked for it, to be taken off. Without `channel`
    the numbers of the page cannot be kept to one: it is not offered, and what a link asks of it is
    told. With `wait` a page that stands already gets them after its figures (`later`); `also` may
    then draw nothing but with that.
    """
    offered = presets(data.default_period().until)
    own = choices.own()
    row = frame.row()
    with row:
        bar = st.container(horizontal=True, gap="small", key="filters", width="content")
    with later.into(bar, wait=wait):
        period = choices.period(offered, own)
        chosen = choices.process(period, process == ANY) if process != NONE else ""
        of_channel = choices.channel(period) if channel else ""
        comparison = choices.comparison(period)
    wanted = {"process": chosen, "channel": of_channel} | kept(keeps)
    where = {
        name: [meant(one) for one in state.values(text)] for name, text in wanted.items() if text
    }
    asked = Asked(
        Filters.of(period.since, period.until, comparison, **where),
        period,
        held_against(period, comparison),
        (meant(chosen) or None) if len(state.values(chosen)) == 1 else None,
        channel,
    )
    chips(keeps)
    own_choices: Mapping[str, str] = {}
    otherwise: list[str] = []
    if also:
        own_place = st.container(horizontal=True, gap="small", key="own")
        with later.into(own_place, wait=wait):
            own_choices, otherwise = choices.gathered(also)
    shown = _shown(asked, of_channel) | kept(keeps) | own_choices
    with later.into(row, wait=wait):
        # On paper this line is all that is left of the choices: without what they are held against, a
        # change would be against nobody knows what.
        said = " · ".join([summary_of(asked, against=True), *otherwise])
        later.put(lambda: frame.tools(asked.query() + _page_own(shown, keeps), said))
    st.session_state[FILTERED] = summary_of(asked)
    _tell_left_out(shown)
    state.write(shown)
    frame.not_known()
    return asked


def _tell_left_out(shown: Mapping[str, str]) -> None:
    """What a link keeps to and this page cannot: told, or more would be shown than was asked for."""
    for name in (*DIMENSIONS, *BESIDES):
        # That of customers is told as what the numbers are about (`chips`).
        if name not in OF_CUSTOMERS and not shown.get(name):
            state.refuse(name, state.chosen(name))


def _page_own(shown: Mapping[str, str], keeps: Sequence[str]) -> str:
    """What a page adds to the question, as more of an address: a link brings it back too."""
    own = {n: text for n, text in shown.items() if n not in {*_QUESTION, *keeps} and text}
    return "&" + urlencode(state.pairs(own)) if own else ""


def _shown(asked: Asked, channel: str) -> dict[str, str]:
    process = state.chosen("process") if asked.filters.values("process") else ""
    shown = {"process": asked.process or process, "channel": channel, **frame.language_shown()}
    preset = state.chosen("period") or (OWN if choices.own() else USUAL)
    if preset == OWN:
        shown |= {"since": asked.period.since.isoformat(), "until": asked.period.until.isoformat()}
    elif preset != USUAL:
        shown["period"] = preset
    if asked.filters.comparison is not Comparison.PREVIOUS:
        shown["compare"] = asked.filters.comparison.value
    if asked.process:
        shown["kpi"] = state.chosen("kpi")
    shown[state.POINT] = state.chosen(state.POINT)
    return shown
