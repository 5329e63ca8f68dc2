"""What customers say in their own words: K33 of the KPI sheet.

Only a sentiment that somebody gave: the source of a post, or the employee's emotion code.
"""

from __future__ import annotations

from kpi.measures.words import every
from kpi.model import Better, Extra, Kind, Kpi, Unit
from kpi.text import N_

SENTIMENT = Kpi(
    name="sentiment",
    id="K33",
    title=N_("Negative sentiment"),
    definition=N_(
        "Of the posts and contact texts that were given a sentiment, by the source or by an "
        "employee's emotion code: the share that is negative."
    ),
    unit=Unit.PERCENT,
    better=Better.DOWN,
    source="prepared_texts",
    reads=("posts", "contacts"),
    date="day",
    kind=Kind.SHARE,
    dimensions=("process", "channel", "reason", "source"),
    numerator=lambda c, _: c.sentiment == "negative",
    denominator=lambda c, _: c.sentiment.is_not(None),
    leaves_out=N_(
        "Texts to which nobody gave a sentiment (“Share with a sentiment” says how many have one), "
        "outbound contacts and contacts of unknown direction."
    ),
    extras=(
        Extra(
            "coverage",
            N_("Share with a sentiment"),
            lambda c, _: c.sentiment.is_not(None),
            lambda c, _: every(c),
            Unit.PERCENT,
        ),
        Extra(
            "positive",
            N_("Positive sentiment"),
            lambda c, _: c.sentiment == "positive",
            lambda c, _: c.sentiment.is_not(None),
            Unit.PERCENT,
        ),
    ),
    options={"coverage": "coverage"},
)

KPIS = (SENTIMENT,)
