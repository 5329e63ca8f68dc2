"""How a KPI is made, in words: its arithmetic, the date it goes by, and which way is good.

The page Definitions and the generated documents say the same, for it stands here once.
"""

from __future__ import annotations

from kpi import formats
from kpi.i18n import _
from kpi.model import Better, Kind, Kpi

#: Values that are a number or an amount: of parts they sum to that of the whole.
_SUMS = frozenset({Kind.COUNT, Kind.SUM, Kind.STOCK, Kind.MOVEMENT})


def made_by(kpi: Kpi) -> str:
    """The arithmetic of a KPI, in a sentence."""
    if kpi.kind is Kind.PER_CUSTOMERS and kpi.options.get("days"):
        return _(
            "number / mean number of customers × 100, per 30.44 days; mean: customer-days / days"
        )
    return {
        Kind.SHARE: _("numerator / denominator × 100; 95% interval by Wilson"),
        Kind.DISTINCT: _("distinct customers / distinct customers × 100; 95% interval by Wilson"),
        Kind.PART: _("sum of the parts / sum of the wholes × 100, without an interval"),
        Kind.NPS: _("100 × (promoters − detractors) / answers; 95% interval from their spread"),
        Kind.COUNT: _("a number of rows"),
        Kind.RETENTION: _("the Kaplan-Meier curve of customerships, known from the extract's start"),
        Kind.RATIO: _("a sum / how often"),
        Kind.GAP: _("the largest share minus the smallest, of groups of 30 or more; interval by Newcombe"),
        Kind.CONFLICTS: _("pairs of running actions with opposite directions on one moment or KPI"),
        Kind.MEAN: _("sum / number of rows; 95% interval by Student's t"),
        Kind.SUM: _("the sum of amounts"),
        Kind.QUANTILE: _("the median of the durations; beside it the time that nine of ten stay within"),
        Kind.SURVIVAL: _("the Kaplan-Meier median: open cases count as lasting at least until the as-of date"),
        Kind.STOCK: _("the number open at the end of the period, or on the as-of date where that is earlier"),
        Kind.PER_HOUR: _("number / opening hours of the period"),
        Kind.PER_CUSTOMERS: _("number / mean number of customers × 1,000; mean: customer-days / days"),
        Kind.MOVEMENT: _("periods of customership that begin or end in the period"),
        Kind.CHURN: _("lost of the customers there were at the start / customers at the start × 100"),
        Kind.CHURN_AFTER: _("left within so many days after a case / customers with such a case × 100"),
        Kind.HELPED: _("distinct customers a day / staffed hours, or opening hours where these are not known"),
        Kind.FUNNEL: _("distinct entities that reach each step in order within the window"),
    }.get(kpi.kind, "")  # fmt: skip


def date_of(kpi: Kpi) -> str:
    """Which date puts a row in a period."""
    if kpi.kind is Kind.STOCK:
        return _("the end of the period, or the as-of date where that is earlier")
    if kpi.kind is Kind.RETENTION:
        return _("all that is known at the end of the period")
    if kpi.source == "closings_and_contacts":
        return _("the closing of the case")
    return {
        "opened_day": _("the opening of the case"),
        "closed_day": _("the closing of the case"),
        "deadline_day": _("the deadline of the case"),
        "started_day": _("the start of the contact"),
        "responded_day": _("the answer"),
        "invited_day": _("the invitation"),
        "posted_day": _("the message"),
        "until_day": _("the beginning and end of the customership"),
        "since_day": _("the beginning and end of the customership"),
        "entered_at": _("the entry"),
        "entered_day": _("the entry"),
        "sold_day": _("the sale"),
        "starts_on": _("the start of the action"),
        "day": _("the day itself"),
        "at": _("the entry"),
    }.get(kpi.date, kpi.date)


def better(way: Better) -> str:
    """Which way is good."""
    return {
        Better.UP: _("higher"),
        Better.DOWN: _("lower"),
        Better.CONTEXT: _("neither: it is read beside other figures"),
    }[way]


def adds(kpi: Kpi) -> str:
    """Whether the values of parts sum to that of the whole, in words."""
    if not kpi.additive:
        return _("no: made anew for each part and period")
    if kpi.kind in _SUMS:
        return _("yes: parts sum to the whole")
    return _("no: what it is made of is added up, and the value is made of those sums")


def left_out(kpi: Kpi) -> str:
    """What is not in it, in a sentence; empty where nothing is left out."""
    if not kpi.leaves_out:
        return ""
    return f"{_('Left out:')} {formats.lower_first(_(kpi.leaves_out))}"


def aim(kpi: Kpi, way: Better, target: float) -> str:
    """What is asked of it, in words: a target is a limit, at one side."""
    value = formats.aim(target, kpi.unit)
    if way is Better.UP:
        return _("at least {value}").format(value=value)
    return _("at most {value}").format(value=value)
