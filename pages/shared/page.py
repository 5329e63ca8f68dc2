"""The parts every page is made of: a title that states a fact, one line about it, tables, charts."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st

from kpi import escape, formats
from kpi.bulletin import State, Table, render
from kpi.bulletin.states import URGENCY
from kpi.bulletin.tables import Shown
from kpi.charts.drawn import Drawn
from kpi.i18n import _, language
from kpi.measures import KPIS
from kpi.web import shelf
from pages.shared import components, data, heads, later
from pages.shared.alert_link import Tell, alert_from
from pages.shared.components import bulletin

log = logging.getLogger("ketenzicht.pages")

#: A period of months of one year: "mei–jul 2026".
_MONTHS = re.compile(r"(?<=\w)–(\w+) (?=\d{4}\b)")
#: Makes the table beside a chart, when somebody opens it.
Rows = Callable[[], Table]
#: The theme's name for the colour of a state.
_HUES = {State.GOOD: "green", State.ATTENTION: "orange", State.BAD: "red"}
#: What was clicked last in a figure, and when; seconds in which two clicks are one.
_LAST, _TWICE = "_last-click", 1.0
#: What this run says of itself, for what is taken along from it.
_ABOUT, _UNTIL, FILTERED = "_about", "_until", "_filtered"


def heading(sentence: str, about: Iterable[str] = (), *, at_once: bool = False) -> None:
    """The page's title, a sentence of fact, and one line with period, as-of and n.

    `at_once`: another takes its place before the page is done.
    """
    # A browser evens the lines of a title, and would break a period after its dash.
    joined = _MONTHS.sub(f"\u2060–\u2060\\1{formats.SPACE}", sentence)
    st.title(escape.markdown(joined), anchor=False)
    parts = [part for part in about if part]
    line = " · ".join(parts)
    st.session_state[_ABOUT] = (sentence, line)
    dated = _("as of {moment}").partition("{")[0]
    st.session_state[_UNTIL] = next((part for part in parts if part.startswith(dated)), "")
    if line:
        with st.container(key="about-at-once" if at_once else "about"):
            st.markdown(escape.markdown(line))


def section(title: str) -> None:
    """A heading inside a page."""
    st.header(escape.markdown(title), anchor=False)


def text(sentence: str) -> None:
    """A plain sentence; what comes from files in it stays inert."""
    st.markdown(escape.markdown(sentence))


def texts(sentences: Iterable[str]) -> None:
    """Several plain sentences, each a paragraph of one text."""
    st.markdown("\n\n".join(escape.markdown(sentence) for sentence in sentences))


def quiet(sentence: str) -> None:
    """A sentence that explains; smaller."""
    st.caption(escape.markdown(sentence))


def legend(sentence: str, states: Iterable[State]) -> None:
    """What the marks in the tables below mean, each in the colour it has there."""
    marks = (f":{_HUES[one]}[{one.shape}] {escape.markdown(one.legend)}" for one in states)
    st.caption(f"{escape.markdown(sentence)} {' · '.join(marks)}".strip())


def marks_of(*shown: Table) -> None:
    """What the marks in these tables mean, of those that are there; nothing where there are none."""
    cells = [cell for one in shown for row in one.rows for cell in row if isinstance(cell, Shown)]
    there = [state for state in URGENCY[:3] if any(cell.state is state for cell in cells)]
    if there:
        legend("", there)


def told(kind: str, sentence: str) -> None:
    """A sentence that must be seen: kind is info, success, warning or error."""
    {"info": st.info, "success": st.success, "warning": st.warning, "error": st.error}[kind](
        escape.markdown(sentence)
    )


def as_of(moment: datetime | None) -> str:
    """Up to when the numbers tell, for the line below the title."""
    if moment is None:
        return ""
    return _("as of {moment}").format(moment=formats.as_of(moment, data.zone()))


def table(shown: Table, key: str, *, personal: bool = False) -> None:
    """One of our own tables, to take along as a file.

    `personal`: it is about single customers; the page has another way to take that along, or none.
    """
    shown = heads.defined(shown)
    html = shown.html
    # What is not filtered is no page of numbers: previews of files are not taken along.
    if shown.rows and not personal and st.session_state.get(FILTERED):
        name = shelf.keep(shown, _about(shown), language())
        picture = key.removesuffix("-table") if key.endswith("-table") else ""
        until = st.session_state.get(_UNTIL, "")
        if shown.as_of:
            until = _("as of {moment}").format(moment=shown.as_of)
        # A picture says of what it is, and of when, as a table does in its file.
        about = " · ".join(filter(None, (st.session_state[FILTERED], until)))
        html += render(
            "take.jinja", name=name, picture=picture, title=shown.caption, about=about,
            as_of=shown.as_of, language=language(),
        )  # fmt: skip
    bulletin(html, key)


def _about(shown: Table) -> tuple[tuple[str, str], ...]:
    """What goes with a table that is taken along: page, period, filters, as-of, definition."""
    sentence, line = st.session_state.get(_ABOUT, ("", ""))
    kept = st.session_state.get(FILTERED, "")
    meant = next((kpi for kpi in KPIS.values() if _(kpi.title) == shown.caption), None)
    said = [(_("Page"), sentence), (_("About"), line), (_("Filters"), kept)]
    if meant is not None:
        said.append((_("Definition"), _(meant.definition)))
        said.append((_("Left out"), _(meant.leaves_out) if meant.leaves_out else ""))
    return tuple(pair for pair in said if pair[1])


def chart(
    figure: Any,
    sentence: str,
    rows: Rows,
    key: str,
    choose: Callable[[list[str]], None] | None = None,
    *,
    tell: Tell,
    below: Callable[[], None] | None = None,
    unfolded: bool = False,
) -> None:
    """A chart with the sentence that says what it shows, its table, and an alert to make of it.

    `choose` is called with what the point, bar or cell that is clicked tells of itself; `tell` is
    the number that an alert can be made of; `below` draws what goes right below the figure; the
    table is one click away, or `unfolded`.
    """
    text(sentence)

    def draw() -> None:
        plot(figure, sentence, key, choose)
        if below is not None:
            below()

    charted(draw, rows, key, tell=tell, unfolded=unfolded)


def charted(
    draw: Callable[[], None], rows: Rows, key: str, *, tell: Tell, unfolded: bool = False
) -> None:
    """What goes with every chart, also where several figures are one: `draw` draws them."""
    draw()

    def beside() -> None:
        if unfolded:
            table(rows(), f"{key}-table")
        else:
            folded(rows, f"{key}-table")
        alert_from(tell)

    later.behind(beside)


def folded(rows: Rows, key: str, title: str = "", *, personal: bool = False) -> None:
    """A table that is made when somebody opens it: a long one costs more than the figure above it."""
    said = title or _("The numbers in a table")
    fold(said, f"{key}-folded", lambda: table(rows(), key, personal=personal))


def fold(title: str, key: str, draw: Callable[[], object]) -> None:
    """What is drawn when somebody opens it: what nobody sees takes the browser as long as what is seen."""
    opened = st.expander(title, key=key, on_change="rerun")
    if opened.open:
        with opened:
            draw()


def plot(
    figure: Any, sentence: str, key: str, choose: Callable[[list[str]], None] | None = None
) -> None:
    """The figure alone, for what `charted` draws; `sentence` is read out in its place.

    It is one of Plotly's or one of our own (`kpi.charts.drawn`), which tells its marks by itself.
    """
    clicked = None if choose is None else partial(_clicked, choose)
    if isinstance(figure, Drawn):
        components.drawn(figure, key, clicked)
    else:
        components.figure(figure, key, sentence, clicked)


def _clicked(choose: Callable[[list[str]], None], said: list[str]) -> None:
    before, when = st.session_state.get(_LAST, ([], 0.0))
    now = time.monotonic()
    st.session_state[_LAST] = (said, now)
    # The second click of a double one is not meant.
    if now - when >= _TWICE or said != before:
        choose(said)
