"""What is filled in, field by month, in one hue: the fuller the colour, the more is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kpi.charts.drawing import Drawing, Trace, heatmap_of
from kpi.charts.heatmap import Scale
from kpi.charts.kept import kept
from kpi.charts.theme import figure, look

_ROW_HEIGHT = 28
_LIGHT_INK, _DARK_INK = "#FFFFFF", "#000000"


@kept
def missing(
    rows: Sequence[str],
    columns: Sequence[str],
    shares: Sequence[Sequence[float | None]],
    say: Callable[[float], str],
    hover: Callable[[int, int], str],
    theme: str = "light",
) -> Drawing:
    """Per row and column the share (0-1) that is missing; None where there is nothing.

    Args:
        rows: their names, the first on top; no two alike.
        columns: their names.
        shares: a row each.
        say: the figure in a cell.
        hover: what a cell says when pointed at, by its place.
    """
    of = look(theme)
    # Always from nothing to all: the same shade means the same share in every picture.
    scale = Scale(-0.1, 1.0, of.ground)
    places = range(len(columns))

    def grid(of_cell: Callable[[int, int, float | None], Any]) -> list[list[Any]]:
        return [
            [of_cell(row, column, shares[row][column]) for column in places]
            for row in range(len(rows))
        ]

    shared: dict[str, Any] = {
        "x": list(columns), "y": list(rows), "xgap": 2, "ygap": 2, "showscale": False,
    }  # fmt: skip

    def coloured(ink: str) -> Trace:
        """The cells on which text in `ink` reads best: a trace has one colour of text."""

        def mine(share: float | None) -> bool:
            return share is not None and scale.ink(share) == ink

        return heatmap_of(
            z=grid(lambda _r, _c, share: share if mine(share) else None),
            zmin=scale.low,
            zmax=scale.high,
            colorscale=[[0, scale.colour(0)], [1, scale.colour(1)]],
            text=grid(lambda _r, _c, share: say(share) if mine(share) else ""),  # type: ignore[arg-type]
            texttemplate="%{text}",
            textfont={"color": ink},
            hoverinfo="text",
            hovertext=grid(lambda r, c, share: hover(r, c) if mine(share) else ""),
            **shared,
        )

    made = figure(
        [coloured(_LIGHT_INK), coloured(_DARK_INK)], of, 40 + _ROW_HEIGHT * max(len(rows), 1)
    )
    made.update_yaxes(autorange="reversed", showgrid=False, type="category", ticklabelstandoff=6)
    made.update_xaxes(side="top", type="category")
    return made
