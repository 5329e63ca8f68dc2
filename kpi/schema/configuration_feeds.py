"""When feeds should come: agreed per profile, edited in the product."""

from __future__ import annotations

from kpi.schema.model import AtLeast, Column, Matches, Type
from kpi.schema.parts import identity as _id
from kpi.schema.parts import text as _text
from kpi.schema.parts import versioned as _versioned
from kpi.text import N_

#: How it is read: `kpi.results.feeds`.
EXPECTED_FEEDS = _versioned(
    "expected_feeds",
    N_("How often a feed should come"),
    (_id("profile", N_("Profile"), "complaints from the case system"),),
    (
        Column("every", Type.NUMBER, N_("One delivery every so many"), "1", rule=AtLeast()),
        _text("unit", N_("Hours, days or working days"), "working_days",
              values=("hours", "days", "working_days")),
        _text("by_time", N_("Local time by which it is there; empty: the end of the day"), "08:00",
              rule=Matches(pattern="([01][0-9]|2[0-3]):[0-5][0-9]|24:00",
                           sentence=N_("is not a clock time like 09:00"))),
    ),
)  # fmt: skip
