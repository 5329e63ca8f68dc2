"""What figures with named rows share: their names, and what is read on hover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from kpi.charts.drawing import Drawing
from kpi.charts.theme import Look

#: Height of a row, in pixels.
ROW = 40
#: Within a row (1 high): the name above, what is drawn below it.
DRAWN, NAME = 0.23, 0.0


def annotate(made: Drawing, texts: Sequence[Mapping[str, Any]]) -> None:
    """All annotations at once: one by one each would go through those before it again."""
    made.layout["annotations"] += texts


def show_rows(made: Drawing, labels: Sequence[str], of: Look) -> None:
    """Names the rows, the first on top, each above what is drawn: so a long name has the room."""
    made.update_yaxes(range=[len(labels) - 0.5, -0.5], showticklabels=False, showgrid=False)
    shared: dict[str, Any] = {
        "xref": "paper", "x": 0, "xanchor": "left", "yanchor": "bottom", "showarrow": False,
        "font": {"color": of.ink, "size": 13}, "borderpad": 0, "bgcolor": of.ground,
    }  # fmt: skip
    annotate(
        made, [{"text": label, "y": place + NAME, **shared} for place, label in enumerate(labels)]
    )


def bold(label: str, so: bool = False) -> str:
    """The label as text, in bold where `so`."""
    text = escape(label, quote=False)
    return f"<b>{text}</b>" if so else text


def hover_text(title: str, facts: Sequence[str]) -> str:
    """A title in bold and a fact a line, to read when pointed at."""
    return "<br>".join(
        [f"<b>{escape(title, quote=False)}</b>", *(escape(fact, quote=False) for fact in facts)]
    )
