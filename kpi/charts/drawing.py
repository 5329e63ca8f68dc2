"""A figure while it is being drawn: plain dicts, of which plotly makes a figure when all of it is there.

Each change of a `go.Figure` checks and copies what it holds already; a small figure of ten parts
cost six times what it does this way. And to check the whole once costs as much as all the rest of it:
that is done for whatever the tests draw (tests/conftest.py), not for each figure that is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go

Trace = dict[str, Any]


def scatter_of(**more: Any) -> Trace:
    """A trace of points and lines."""
    return {"type": "scatter", **more}


def bars_of(**more: Any) -> Trace:
    """A trace of bars."""
    return {"type": "bar", **more}


def heatmap_of(**more: Any) -> Trace:
    """A trace of coloured cells."""
    return {"type": "heatmap", **more}


def hover_text(title: str, facts: Sequence[str]) -> str:
    """A title in bold and a fact a line, to read when pointed at."""
    return "<br>".join(
        [f"<b>{escape(title, quote=False)}</b>", *(escape(fact, quote=False) for fact in facts)]
    )


class Drawing:
    """Traces and layout, by the names that plotly has for them."""

    def __init__(self, traces: list[Trace]) -> None:
        self.traces = traces
        self.layout: dict[str, Any] = {"annotations": [], "shapes": []}

    @property
    def height(self) -> float:
        """Its height in pixels."""
        height: float = self.layout["height"]
        return height

    def update_layout(self, **more: Any) -> None:
        """Change what is named, within dicts too, and leave the rest."""
        _merge(self.layout, more)

    def update_xaxes(self, **more: Any) -> None:
        """Change every horizontal axis there is."""
        self._axes("xaxis", more)

    def update_yaxes(self, **more: Any) -> None:
        """Change every upright axis there is."""
        self._axes("yaxis", more)

    def add_annotation(self, **more: Any) -> None:
        """A text with a place."""
        self.layout["annotations"].append(more)

    def add_shape(self, **more: Any) -> None:
        """A line or a box."""
        self.layout["shapes"].append(more)

    def add_vline(self, x: float, line: Mapping[str, Any]) -> None:
        """A line over the whole height."""
        self.add_shape(
            type="line", x0=x, x1=x, y0=0, y1=1, line=dict(line), xref="x", yref="y domain"
        )

    def made(self) -> go.Figure:
        """The figure, as it was drawn: a part that plotly does not know would be passed over."""
        return go.Figure(self.traces, self.layout, _validate=False)

    def _axes(self, name: str, more: Mapping[str, Any]) -> None:
        for axis in [one for one in self.layout if one.startswith(name)]:
            _merge(self.layout[axis], more)


def _merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, Mapping):
            # A dict of its own: that which came in may be another's as well.
            own = dict(into.get(name) or {})
            _merge(own, value)
            into[name] = own
        else:
            into[name] = value
