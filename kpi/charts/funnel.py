"""A funnel as lying bars in the order of its steps, with what is lost written between them."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kpi.charts.drawing import Drawing, bars_of
from kpi.charts.kept import kept
from kpi.charts.theme import Look, figure, look

#: Pixels from a step's top to the middle of its title, of its bar and of the first line below.
_TITLE, _BAR, _BELOW = 11, 37, 63
#: How thick a bar is, how far apart lines are, and the room below the last one, in pixels.
_THICK, _LINE, _GAP = 29, 18, 14
#: Room beside the longest bar for its value, on the narrowest screen too.
_ROOM = 1.42


@dataclass(frozen=True)
class Bar:
    """One step, its words ready to read.

    Attributes:
        title: its place and name.
        settled, young: the bar's length in two parts: those whose outcome is known, and those
            too young to tell.
        value: the text at the bar's end.
        loss: what is lost before the next step; empty for the last one.
        aside: quiet words below it.
        worse: what became surely worse; empty where nothing did.
        hover: lines on hover.
    """

    title: str
    settled: float
    young: float
    value: str
    loss: str = ""
    aside: str = ""
    worse: str = ""
    hover: tuple[str, ...] = ()


@kept
def bars(
    steps: Sequence[Bar],
    *,
    colour: str,
    chosen: int | None = None,
    lines: int = 0,
    theme: str = "light",
) -> Drawing:
    """The steps from above to below, from zero; the part too young to tell is grey.

    The step at `chosen` is outlined. Room is kept for `lines` lines below each bar, or for as many
    as there are: so that two funnels side by side keep step. A bar that is clicked tells its place
    first.
    """
    of = look(theme)
    # Every step as tall as the one with most to say, the last one as its own words ask.
    height = max(map(_height, [*(_lines(bar) for bar in steps), lines]))
    last = _height(_lines(steps[-1])) if steps else height
    at = [place + _BAR / height for place in range(len(steps))]
    hover = ["<br>".join(_inert(line) for line in bar.hover) for bar in steps]
    edges = [2 if place == chosen else 0 for place in range(len(steps))]
    shared: dict[str, Any] = {
        "y": at,
        "orientation": "h",
        "width": _THICK / height,
        # As data: a template would read "%{…}" in a name.
        "customdata": [[str(place), said] for place, said in enumerate(hover)],
        "hovertemplate": "%{customdata[1]}<extra></extra>",
    }
    traces = [
        bars_of(
            x=[bar.settled for bar in steps],
            marker={"color": colour, "line": {"color": of.ink, "width": edges}},
            **shared,
        ),
        bars_of(
            x=[bar.young for bar in steps],
            marker={"color": of.quiet, "opacity": 0.72, "line": {"width": 0}},
            **shared,
        ),
    ]
    made = figure(traces, of, height=height * max(len(steps) - 1, 0) + last)
    longest = max((bar.settled + bar.young for bar in steps), default=0) or 1
    made.update_layout(barmode="stack", bargap=0, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    made.update_xaxes(visible=False, range=[0, longest * _ROOM])
    end = max(len(steps) - 1, 0) + last / height
    made.update_yaxes(visible=False, range=[end, 0], showgrid=False)
    for place, bar in enumerate(steps):
        _words(made, bar, place, height, of)
    return made


def _lines(bar: Bar) -> int:
    return sum(bool(said) for said in (bar.loss, bar.worse, bar.aside))


def _height(lines: int) -> int:
    return _BELOW - _LINE // 2 + lines * _LINE + _GAP


def _words(made: Drawing, bar: Bar, place: int, height: int, of: Look) -> None:
    _text(made, f"<b>{_inert(bar.title)}</b>", 0, place + _TITLE / height, of.ink, 13)
    length = bar.settled + bar.young
    _text(made, f"<b>{_inert(bar.value)}</b>", length, place + _BAR / height, of.ink, 14, shift=7)
    line = place + _BELOW / height
    for said, colour, size in (
        (bar.loss, of.ink, 13),
        (bar.worse, of.bad, 13),
        (bar.aside, of.quiet, 12),
    ):
        if said:
            _text(made, _inert(said), 0, line, colour, size)
            line += _LINE / height


def _inert(text: str) -> str:
    """Names of steps come from configuration and files: Plotly reads tags and links in a text."""
    return html.escape(text, quote=False)


def _text(
    made: Drawing, said: str, x: float, y: float, colour: str, size: int, shift: int = 0
) -> None:
    made.add_annotation(
        x=x,
        y=y,
        text=said,
        showarrow=False,
        xanchor="left",
        yanchor="middle",
        xshift=shift,
        align="left",
        font={"color": colour, "size": size},
    )
