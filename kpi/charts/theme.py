"""The one look of all figures: faint grid, no frame, no toolbar, figures as the reader writes them.

Colours are those of look.md; the text and the ground follow the page, light or dark.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kpi.charts.drawing import Drawing
from kpi.formats import separators

#: Processes keep their colour everywhere.
SERIES = {
    "request": "#0072B2",
    "information": "#E69F00",
    "details": "#009E73",
    "fault": "#D55E00",
    "complaint": "#CC79A7",
    "cancellation": "#56B4E9",
}
FONT = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif'
)
#: Colours of the page's theme by name, for figures of our own: these follow it by themselves.
INK, QUIET, GOOD = "var(--ink)", "var(--quiet)", "var(--good)"


@dataclass(frozen=True)
class Look:
    """Colours of one theme."""

    ink: str
    quiet: str
    grid: str
    ground: str
    good: str
    warn: str
    bad: str


LIGHT = Look("#1C2430", "#566070", "#E6E9ED", "#FFFFFF", "#0B7A6B", "#B36B00", "#C0341D")
DARK = Look("#E7EBEF", "#AAB3BF", "#29323B", "#12171D", "#4FC3AE", "#F0B24A", "#FF7A66")


def look(theme: str) -> Look:
    """The look of "light" or "dark"."""
    return DARK if theme == "dark" else LIGHT


def figure(traces: list[Any], of: Look, height: int = 300) -> Drawing:
    """A bare figure in our look; `height` in pixels."""
    made = Drawing(traces)
    axis: dict[str, Any] = {
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "fixedrange": True,
        "tickfont": {"color": of.quiet, "size": 12},
        "automargin": True,
    }
    made.update_layout(
        template={},
        height=height,
        margin={"l": 8, "r": 12, "t": 14, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": of.ink},
        separators=separators(),
        showlegend=False,
        hovermode="closest",
        hoverlabel={
            "bgcolor": of.ground,
            "bordercolor": of.grid,
            "font": {"family": FONT, "color": of.ink, "size": 13},
            "align": "left",
        },
        dragmode=False,
        xaxis=dict(axis),
        yaxis={**axis, "showgrid": True, "gridcolor": of.grid, "gridwidth": 1},
    )
    return made
