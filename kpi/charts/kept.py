"""Figures that were made before: every click draws a page anew, and most of its charts are the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import plotly.graph_objects as go

from kpi.charts.drawing import Drawing
from kpi.i18n import language

P = ParamSpec("P")
#: How many figures are kept: some pages in two languages and themes.
MOST = 200

_made: OrderedDict[str, go.Figure] = OrderedDict()
_guard = threading.Lock()


def kept(make: Callable[P, Drawing]) -> Callable[P, go.Figure]:
    """Give the figure of what is drawn; do not change it: the same arguments give it again.

    The language is one of them. Arguments go by what they show of themselves (`repr`), which of
    values and frozen records is all there is; with anything that does not, such as a function, the
    figure is made anew.
    """
    name = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def found(*args: P.args, **more: P.kwargs) -> go.Figure:
        key = repr((name, language(), args, more))
        if " at 0x" in key:
            return make(*args, **more).made()
        with _guard:
            if key in _made:
                _made.move_to_end(key)
                return _made[key]
        figure = make(*args, **more).made()
        with _guard:
            _made[key] = figure
            while len(_made) > MOST:
                _made.popitem(last=False)
        return figure

    return found
