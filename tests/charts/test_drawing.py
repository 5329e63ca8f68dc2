"""A drawing gives the very figure that plotly's own slow way gives."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

from kpi.charts.drawing import Drawing, bars_of, scatter_of


def test_it_is_the_figure_that_plotly_makes_step_by_step():
    own = Drawing([scatter_of(x=[1, 2], y=[3, None]), bars_of(x=[1], y=[2])])
    theirs = go.Figure([go.Scatter(x=[1, 2], y=[3, None]), go.Bar(x=[1], y=[2])])
    line = {"color": "#000000", "width": 1}
    for made in (own, theirs):
        made.update_layout(
            height=200, margin={"l": 1, "r": 2}, xaxis={"showgrid": False}, yaxis={"nticks": 3},
            yaxis2={"nticks": 4},
        )  # fmt: skip
        made.update_layout(margin={"r": 9})
        made.update_yaxes(tickfont={"size": 11})
        made.update_xaxes(range=[0, 1], tickfont={"color": "#111111"})
        made.update_xaxes(tickfont={"size": 12})
        made.add_vline(x=0, line=line)
        made.add_shape(type="line", x0=0, x1=1, y0=0, y1=1)
        made.add_annotation(text="here", x=1, y=2)
    ours, plotlys = own.made().to_dict(), theirs.to_dict()
    # Of a template that is not asked for, plotly's own way leaves its default.
    plotlys["layout"].pop("template", None)
    ours["layout"].pop("template", None)
    assert ours["data"] == plotlys["data"]
    for name in ("shapes", "annotations"):
        assert sorted(ours["layout"].pop(name), key=str) == sorted(
            plotlys["layout"].pop(name), key=str
        )
    assert ours["layout"] == plotlys["layout"]


def test_what_is_shared_between_axes_is_not_changed_by_one():
    axis = {"tickfont": {"size": 12}}
    made = Drawing([])
    made.update_layout(xaxis=axis, yaxis=axis)
    made.update_yaxes(tickfont={"size": 9})
    assert made.layout["xaxis"]["tickfont"] == {"size": 12}
    assert axis == {"tickfont": {"size": 12}}


def test_a_part_that_plotly_does_not_know_is_an_error():
    made = Drawing([scatter_of(x=[1], nothing=1)])
    with pytest.raises(ValueError, match="nothing"):
        made.made()
