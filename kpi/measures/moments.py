"""Contact moments of the chain, each against its own goal: K34 of the KPI sheet.

Every answer is about one moment; what each moment gets stands beside the value, and moments
without any data stay visible there.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from kpi.measures.surveys import INVALID, at_level
from kpi.measures.words import CUSTOMER, SURVEY, Columns, Condition
from kpi.model import Better, Kind, Kpi, Moment, Unit
from kpi.text import N_

_LEFT_OUT = N_(
    "Answers that are about no contact moment, that are not on the scale, or on another level."
)


def _about_moment(metric: str) -> Callable[[Columns, Moment], Condition]:
    return lambda c, at: (
        (c.metric == metric) & at_level(c, at) & c.score.is_not(None) & c.moment.is_not(None)
    )


def _aspect(name: str, metric: str, title: str, definition: str, *, least: int) -> Kpi:
    """The share of the answers at contact moments that is `least` or more."""
    return Kpi(
        name=name,
        id="K34",
        title=title,
        definition=definition,
        unit=Unit.PERCENT,
        better=Better.UP,
        source="prepared_surveys",
        reads=("surveys",),
        date="responded_day",
        kind=Kind.SHARE,
        dimensions=SURVEY,
        where=_about_moment(metric),
        numerator=lambda c, _: c.valid & (c.score >= least),
        denominator=lambda c, _: c.valid,
        leaves_out=_LEFT_OUT,
        extras=(INVALID,),
        options={"metrics": (metric,), "moments": True, "kept_by": (("moment",),)},
    )


MOMENT_CLEAR = _aspect(
    "moment_clear",
    "clear",
    N_("Contact moment: clear"),
    N_("Share of the customers asked about a contact moment who say that it was clear to them."),
    least=1,
)
MOMENT_CORRECT = _aspect(
    "moment_correct",
    "correct",
    N_("Contact moment: correct"),
    N_("Share of the customers asked about a contact moment who say that it was correct."),
    least=1,
)
MOMENT_COMPLETE = _aspect(
    "moment_complete",
    "complete",
    N_("Contact moment: complete"),
    N_("Share of the customers asked about a contact moment who say that it was complete."),
    least=1,
)
MOMENT_EFFORT = _aspect(
    "moment_effort",
    "ces7",
    N_("Contact moment: effort"),
    N_(
        "Share of the customers asked about a contact moment to whom it was little effort: 5 to 7 "
        "on the scale of CES 2.0."
    ),
    least=5,
)

MOMENT_COST = Kpi(
    name="moment_cost",
    id="K34",
    title=N_("Contact moment: cost"),
    definition=N_(
        "Cost of the contacts at a contact moment, by their channel, per time that a case passed "
        "the moment."
    ),
    unit=Unit.EURO,
    better=Better.DOWN,
    source="moment_costs",
    reads=("contacts", "chain_events"),
    date="day",
    kind=Kind.RATIO,
    dimensions=("process", *CUSTOMER),
    numerator=lambda c, _: c.cost,
    denominator=lambda c, _: sa.case((c.passage, 1), else_=0),
    leaves_out=N_(
        "Contacts through a channel without a configured cost, and moments of which the data have "
        "no contact with a cost, or no case that passed them."
    ),
    options={"amounts": True, "moments": True, "kept_by": (("moment",),)},
)

KPIS = (MOMENT_CLEAR, MOMENT_CORRECT, MOMENT_COMPLETE, MOMENT_COST, MOMENT_EFFORT)
