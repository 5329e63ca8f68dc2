"""A line above a chart that says what each kind of mark in it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from kpi.charts.drawing import Drawing
from kpi.charts.theme import Look


@dataclass(frozen=True)
class Key:
    """What the bars of a Pareto are called: those that grew, the others, and those apart.

    `before`: what the upright mark stands for; empty where there is none.
    """

    grew: str
    other: str
    apart: str
    before: str = ""


def explain(made: Drawing, kinds: Sequence[tuple[str, str, str]], of: Look) -> None:
    """Shape, colour and word of each kind, above all that is drawn; one without a word is left out.

    `kinds`: colour, shape and word.
    """
    told = [
        f'<span style="color:{colour}">{shape}</span> {escape(word, quote=False)}'
        for colour, shape, word in kinds
        if word
    ]
    # Two a line: a phone has no room for more.
    lines = ["    ".join(told[place : place + 2]) for place in range(0, len(told), 2)]
    room = 18 * len(lines)
    made.update_layout(margin={"t": 26 + room}, height=made.height + room)
    made.add_annotation(
        text="<br>".join(lines), align="left",
        xref="paper", yref="paper", x=0, y=1, yshift=18, xanchor="left", yanchor="bottom",
        showarrow=False, font={"color": of.quiet, "size": 12},
    )  # fmt: skip
