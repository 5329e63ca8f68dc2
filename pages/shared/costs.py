"""Which cost of a contact the visitor looks at: full, or only the time spent; kept in the URL."""

from __future__ import annotations

from kpi.i18n import _
from kpi.numbers.answering import FULL_COSTS, MARGINAL_COSTS, SAMPLE_COSTS, SAMPLE_RATES
from pages.shared import choices, state

#: Its name in the URL, and what that says of marginal cost (full cost is not said).
NAME, MARGINAL = "cost", "marginal"
#: The KPIs: what contacts cost in full, and what the time spent on them costs.
FULL_KPI, MARGINAL_KPI = "avoidable_cost", "avoidable_cost_marginal"
KPIS = (FULL_KPI, MARGINAL_KPI)
#: What is said of each amount: which cost it is, and whether it is a sample.
NOTES = frozenset({SAMPLE_COSTS, FULL_COSTS, SAMPLE_RATES, MARGINAL_COSTS})
SAMPLES = frozenset({SAMPLE_COSTS, SAMPLE_RATES})


def marginal() -> bool:
    """Whether the visitor looks at marginal cost."""
    return state.chosen(NAME) == MARGINAL


def kpi() -> str:
    """The KPI of the cost looked at."""
    return MARGINAL_KPI if marginal() else FULL_KPI


def choose() -> None:
    """Full or marginal cost, for all amounts of the page."""
    names = {"": _("full cost"), MARGINAL: _("marginal cost")}
    choices.choice(NAME, _("Cost"), list(names), lambda name: names[name], "", width=180)
