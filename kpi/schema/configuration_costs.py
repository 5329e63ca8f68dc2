"""What an hour of handling costs, edited in the product: the marginal side of what a contact costs."""

from __future__ import annotations

from kpi.schema.model import AtLeast, Column, Type
from kpi.schema.parts import text, versioned
from kpi.text import N_

HOUR_RATES = versioned(
    "hour_rates",
    N_("What an hour of handling contacts costs, for the marginal cost of a contact"),
    (text("channel", N_("Channel; empty for all"), "", required=True, default=""),),
    (
        Column("rate", Type.NUMBER, N_("Cost of an hour, euro"), "36", rule=AtLeast()),
        Column("rate_sample", Type.BOOLEAN, N_("The rate is a sample"), "yes"),
    ),
)
