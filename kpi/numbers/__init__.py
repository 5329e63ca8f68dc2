"""The one door to numbers, for pages, command line, walls and alerts.

ask(store, ["within_norm", "csat"], Filters.of(process=["fault"]), by=("process", "week"))
"""

from kpi.numbers.answering import ask
from kpi.numbers.comparing import (
    Compared,
    compare,
    compares_with_whole,
    earlier_period,
    held_against,
    target_of,
)
from kpi.numbers.daily import VOLUME, contact_surges, counts
from kpi.numbers.daily_sums import keep_daily_sums
from kpi.numbers.effects import effect_of
from kpi.numbers.feeds import working_calendar
from kpi.numbers.funnels import ask_funnel
from kpi.numbers.held_sums import hold_sums
from kpi.numbers.hold import hold
from kpi.numbers.known import known_from
from kpi.numbers.month_ends import keep_month_ends
from kpi.numbers.periods import default_period, first_day, period_of
from kpi.numbers.problem import AskProblem, applies, check_dimension, dimensions, find
from kpi.numbers.quickly import quickly
from kpi.numbers.reported import reported, values_reported
from kpi.numbers.retention import retention_curves
from kpi.numbers.rows import narrowed, rows
from kpi.numbers.signals import signals
from kpi.numbers.split import divided, divisible
from kpi.numbers.staffing import staffed
from kpi.numbers.stretches import Stretch, stretches
from kpi.numbers.top import ask_top_complaints, top_complaints
from kpi.numbers.totals import TAKES_TOTALS, Total, totals
from kpi.numbers.values import check_values
from kpi.numbers.why import Why, why
from kpi.results.effect import Effect, Verdict
from kpi.results.funnel import FunnelStep
from kpi.results.rows import Rows
from kpi.results.signals import Charted
from kpi.results.split import Divided
from kpi.results.top import Top, TopRow

__all__ = [
    "TAKES_TOTALS",
    "VOLUME",
    "AskProblem",
    "Charted",
    "Compared",
    "Divided",
    "Effect",
    "FunnelStep",
    "Rows",
    "Stretch",
    "Top",
    "TopRow",
    "Total",
    "Verdict",
    "Why",
    "applies",
    "ask",
    "ask_funnel",
    "ask_top_complaints",
    "check_dimension",
    "check_values",
    "compare",
    "compares_with_whole",
    "contact_surges",
    "counts",
    "default_period",
    "dimensions",
    "divided",
    "divisible",
    "earlier_period",
    "effect_of",
    "find",
    "first_day",
    "held_against",
    "hold",
    "hold_sums",
    "keep_daily_sums",
    "keep_month_ends",
    "known_from",
    "narrowed",
    "period_of",
    "quickly",
    "reported",
    "retention_curves",
    "rows",
    "signals",
    "staffed",
    "stretches",
    "target_of",
    "top_complaints",
    "totals",
    "values_reported",
    "why",
    "working_calendar",
]
