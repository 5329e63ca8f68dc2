"""Parts of a change as bars to the left and right of nothing: own change solid, more or less pale.

Each part has the colour of its own direction, which its side says too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from kpi.charts.axis import faint, plain
from kpi.charts.drawing import Drawing, bars_of, hover_text
from kpi.charts.kept import kept
from kpi.charts.theme import Look, figure, look
from kpi.i18n import _
from kpi.model import Better

#: Height of the line that says which side is which, in pixels; thickness of a bar.
_SIDES, _THICK = 24, 0.4
#: Of the width, what the words beside a bar take on a phone.
_ROOM = 0.38
#: Height of a row, in pixels; within it (1 high) the name above, what is drawn below it.
_ROW, _DRAWN = 40, 0.23


@dataclass(frozen=True)
class Part:
    """One group: its name, its parts, what they are together in words, and what a click tells.

    `facts` are read when it is pointed at.
    """

    key: str
    name: str
    rate: float
    mix: float
    said: str
    facts: tuple[str, ...] = ()


@kept
def parts(
    found: Sequence[Part], *, better: Better = Better.CONTEXT, theme: str = "light"
) -> Drawing:
    """One lying bar a group, the first on top; the solid part is its own change, the pale one mix.

    Which side is the better one is by `better` and said above the bars. The names stand above the bars: beside them there is no room on a narrow screen.
    """
    of = look(theme)
    places = [place + _DRAWN for place in range(len(found))]
    # Whoever goes by the keys sees by this where they are.
    told = [hover_text(p.name, [p.said, *p.facts]) for p in found]
    shared: dict[str, Any] = {
        "y": places, "width": _THICK, "orientation": "h", "hoverinfo": "text", "hovertext": told,
    }  # fmt: skip
    drawn = [
        bars_of(
            x=[p.rate for p in found],
            marker={"color": [_colour(p.rate, better, of) for p in found]},
            **shared,
        ),
        bars_of(
            x=[p.mix for p in found],
            marker={
                "color": [faint(_colour(p.mix, better, of), 0.35) for p in found],
                "line": {"color": [_colour(p.mix, better, of) for p in found], "width": 1},
            },
            **shared,
        ),
    ]
    for trace in drawn:
        trace.update(customdata=[[p.key] for p in found])
    made = figure(drawn, of, 8 + _SIDES + _ROW * max(len(found), 1))
    ends = [(min(p.rate, 0) + min(p.mix, 0), max(p.rate, 0) + max(p.mix, 0)) for p in found]
    low, high = _range(ends)
    made.update_layout(barmode="relative", margin={"t": _SIDES, "b": 8})
    made.update_xaxes(range=[low, high], showticklabels=False)
    _name_rows(made, [p.name for p in found], of)
    _name_sides(made, better, of)
    made.add_vline(x=0, line={"color": of.quiet, "width": 1})
    for place, one, (left, right) in zip(places, found, ends, strict=True):
        # Beside the bar where there is most room: past its end a long one leaves none on a phone.
        after = high - right >= left - low
        made.add_annotation(
            x=right if after else left, y=place, text=plain(one.said), showarrow=False,
            xanchor="left" if after else "right", xshift=6 if after else -6,
            font={"size": 12, "color": of.ink},
        )  # fmt: skip
    return made


def _range(ends: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """From where to where the bars are drawn: with room for the words on one side of each."""
    low = min((left for left, _right in ends), default=0.0)
    high = max((right for _left, right in ends), default=0.0)
    step = ((high - low) or 1.0) / 20
    while any(max(left - low, high - right) < _ROOM * (high - low) for left, right in ends):
        low, high = low - step, high + step
    # Words at the edge stand within it.
    return low - step, high + step


def _colour(part: float, better: Better, of: Look) -> str:
    if better is Better.CONTEXT:
        return of.ink
    return of.good if (part > 0) is (better is Better.UP) else of.bad


def _name_sides(made: Drawing, better: Better, of: Look) -> None:
    """Which side is better, where one is: without it only the colour would say."""
    if better is Better.CONTEXT:
        return
    left, right = (_("worse"), _("better")) if better is Better.UP else (_("better"), _("worse"))
    for x, anchor, text in ((0, "left", f"← {left}"), (1, "right", f"{right} →")):
        made.add_annotation(
            text=text, xref="paper", yref="paper", x=x, y=1, xanchor=anchor, yanchor="bottom",
            yshift=4, showarrow=False, font={"color": of.quiet, "size": 12}, borderpad=0,
        )  # fmt: skip


def _name_rows(made: Drawing, names: Sequence[str], of: Look) -> None:
    """Names the rows, the first on top, each above what is drawn: so a long name has the room."""
    made.update_yaxes(range=[len(names) - 0.5, -0.5], showticklabels=False, showgrid=False)
    for place, name in enumerate(names):
        made.add_annotation(
            text=escape(name, quote=False), xref="paper", x=0, y=place, xanchor="left",
            yanchor="bottom", showarrow=False, font={"color": of.ink, "size": 13}, borderpad=0, bgcolor=of.ground,
        )  # fmt: skip
