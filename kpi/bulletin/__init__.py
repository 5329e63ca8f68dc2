"""One renderer of HTML with inline SVG, for scorecard, tables, walls and (later) mail and print.

Results go in, text comes out: nothing here asks for data, and nothing needs a script to be read.
Every template escapes what it is given; `kpi.bulletin.render` is the only place where that is set.
"""

from kpi.bulletin.render import render, style
from kpi.bulletin.scorecard import Scorecard, scorecard
from kpi.bulletin.states import State, judge
from kpi.bulletin.tables import Column, Table, table

__all__ = [
    "Column",
    "Scorecard",
    "State",
    "Table",
    "judge",
    "render",
    "scorecard",
    "style",
    "table",
]
