"""What each wall shows, asked with the scope of a screen: configured labels, nothing below ten."""

from __future__ import annotations

from collections.abc import Mapping

from kpi.text import N_
from kpi.web.views import announced, complaints, risers, scoreboard, sentiment, today
from kpi.web.views.wanted import Kind, Wanted

#: Every view by its name in an address, in the order in which they are offered.
VIEWS: Mapping[str, Kind] = {
    "complaints": Kind(N_("Top complaints"), complaints.complaints),
    "risers": Kind(N_("What rises"), risers.risers),
    "scoreboard": Kind(N_("Customer processes"), scoreboard.scoreboard),
    "outages": Kind(N_("Outages"), announced.outages, by_clock=True),
    "offers": Kind(
        N_("Offers and what we tell customers"),
        announced.offers,
        by_clock=True,
        missing=announced.no_offers,
    ),
    "today": Kind(N_("Today so far"), today.today, by_clock=True, missing=today.missing),
    "sentiment": Kind(
        N_("Sentiment of the last 24 hours"),
        sentiment.sentiment,
        by_clock=True,
        missing=sentiment.missing,
    ),
}

__all__ = ["VIEWS", "Kind", "Wanted"]
