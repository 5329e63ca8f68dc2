"""What fewer contacts would bring in, who keeps coming back, and what valuable contacts led to."""

from __future__ import annotations

from collections.abc import Sequence

from kpi import formats
from kpi.bulletin.scorecard import Target
from kpi.i18n import _, ngettext
from kpi.model import TOO_FEW, Result, Unit
from kpi.results.yields import Amount, Yield, in_few_weeks


def of_yield(what: str, part: int, one: Yield | None, *, marginal: bool) -> str:
    """A sum made plain: how many contacts and how much money a year, and in what sense."""
    if one is None:
        return _("Too few avoidable contacts about {what} in this period to say what fewer would bring in.").format(
            what=what
        )  # fmt: skip
    said = (
        _("Without half of the avoidable contacts about {what}: {contacts} fewer a year")
        if part == 50
        else _("Without {part} of the avoidable contacts about {what}: {contacts} fewer a year")
    ).format(part=formats.percent(part), what=what, contacts=amount(one.contacts, Unit.COUNT))
    if one.euro is None:
        return (
            said
            + ". "
            + _(
                "What they cost is not known: the cost per channel (full) or the hourly rate and the "
                "handle times (marginal) are missing."
            )
        )
    if marginal:
        return _("{said}, which frees working time worth {euro}.").format(
            said=said, euro=amount(one.euro, Unit.EURO)
        )
    return _("{said}, which now cost {euro} at full cost.").format(
        said=said, euro=amount(one.euro, Unit.EURO)
    )


def one_off(weekly: Sequence[int]) -> str:
    """A warning where a few weeks hold most of it: a year need not be so many times this period."""
    most = in_few_weeks(weekly)
    if not most:
        return ""
    return _(
        "{part} of it came in {n} of the {weeks} weeks: if that was a single event, a year brings in less."
    ).format(part=formats.percent(100 * sum(most) / sum(weekly)), n=len(most), weeks=len(weekly))


def amount(one: Amount, unit: Unit) -> str:
    """A value with its interval, rounded to what that bears: "1.200 (1.000–1.500)"."""
    value, low, high = (
        rounded(part, one.high - one.low) for part in (one.value, one.low, one.high)
    )
    text = formats.euro if unit is Unit.EURO else formats.number
    return f"{text(value)} ({formats.number(low)}–{formats.number(high)})"


def rounded(value: float, width: float) -> float:
    """To as many figures as an interval of that width justifies."""
    step = 1
    while step * 50 <= width:
        step *= 10
    return float(round(value / step) * step)


def meaning(*, marginal: bool, sample: bool) -> str:
    """In what sense it is money."""
    said = (
        _(
            "Marginal: the handle time of these contacts at an hourly rate. It becomes money where "
            "the time is used for something else, or not paid for."
        )
        if marginal
        else _(
            "Full: cost per contact by channel, with people, systems and housing. You only save all "
            "of it when those shrink too; if they do not, choose marginal cost."
        )
    )
    if sample:
        said += " " + _("The amounts are samples: fill in your own.")
    return (
        said
        + " "
        + _(
            "The interval follows from how much the weeks differ; seasons and growth are not in it."
        )
    )


def of_three(three: Result | None, target: Target | None) -> str:
    """How many customers had to come three times or more."""
    if three is None or three.value is None or three.too_few:
        return _("Too few customers in touch to say how many came three times or more.")
    said = ngettext(
        "{n} customer came a third time or more about the same process: {share} of those in touch",
        "{n} customers came a third time or more about the same process: {share} of those in touch",
        int(three.numerator or 0),
    ).format(
        n=formats.number(three.numerator),
        share=formats.value(three.value, Unit.PERCENT, three.low, three.high),
    )
    if target is None:
        return said + "."
    return _("{said}, against a target of {target}.").format(
        said=said, target=formats.aim(target.value, Unit.PERCENT)
    )


def of_chain(steps: Sequence[int]) -> str:
    """How many of a hundred first contacts are followed by a second, and of those by a third."""
    first, second, third = (*steps, 0, 0, 0)[:3]
    if first < TOO_FEW:
        return _("Too few contacts of known customers to follow them.")
    said = _("Of 100 questions {second} come back a second time").format(
        second=formats.number(100 * second / first)
    )
    if second < TOO_FEW:
        return said + "."
    return _("{said}, and of 100 that came back {third} come a third time.").format(
        said=said, third=formats.number(100 * third / second)
    )


def of_sales(sold: Result | None) -> str:
    """What was bought after valuable contacts; after, not because of."""
    if sold is None or sold.value is None or sold.too_few:
        return _(
            "Too few valuable contacts of known customers, at least 30 days old, to say what followed."
        )
    return _(
        "After {share} of {n} valuable contacts the customer bought a new service within 30 days "
        "({sales} times). After, not because of."
    ).format(
        share=formats.value(sold.value, Unit.PERCENT, sold.low, sold.high),
        n=formats.number(sold.denominator),
        sales=formats.number(sold.numerator),
    )
