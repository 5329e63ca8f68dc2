"""What a funnel tells, in sentences: the title, the largest loss, what changed, who is too young."""

from __future__ import annotations

from kpi import formats
from kpi.i18n import _, ngettext
from kpi.model import Unit
from kpi.numbers.funnels import Funnel
from kpi.results.funnel import Difference, Passage, passages
from pages.shared.funnels import Look


def option(funnel: Funnel) -> str:
    """A funnel among others to choose from."""
    if not funnel.configured:
        return _("{name} (not configured)").format(name=funnel.name)
    kind = {"sales": _("Sales"), "service": _("Service")}.get(funnel.kind or "")
    return f"{kind}: {funnel.called}" if kind else funnel.called


def counted(funnel: Funnel, n: int) -> str:
    """So many visits, cases or customers."""
    if funnel.entity == "case":
        text = ngettext("{n} case", "{n} cases", n)
    elif funnel.entity == "customer":
        text = ngettext("{n} customer", "{n} customers", n)
    else:
        text = ngettext("{n} visit", "{n} visits", n)
    return text.format(n=formats.number(n))


def one(funnel: Funnel) -> str:
    """What is counted, one of it."""
    return {"case": _("case"), "customer": _("customer")}.get(funnel.entity, _("visitor or visit"))


def title(look: Look) -> str:
    """The page's title: the step that became worse, else where most are lost."""
    called = look.funnel.called
    if look.broken is not None:
        found = look.passages[look.broken]
        change = look.changes[look.broken]
        assert change is not None
        return _(
            "{funnel}: {share} get from {step} to {following}, {amount} lower than in {period}"
        ).format(
            funnel=called,
            share=share(found),
            **_between(look.funnel, found),
            amount=points(change),
            period=look.before_text,
        )
    if look.dip is not None:
        return f"{called}: {_broke(look)}"
    if look.largest is not None:
        found = look.passages[look.largest]
        return _("{funnel}: most drop out between {step} and {following}: {n} of {total}").format(
            funnel=called,
            **_between(look.funnel, found),
            n=formats.number(found.lost),
            total=formats.number(found.n + found.young),
        )
    return called


def largest(look: Look) -> str:
    """Where most are lost, in figures and words."""
    if look.largest is None:
        return _("Nobody dropped out in this period.")
    found = look.passages[look.largest]
    said = _(
        "The largest loss is between {step} and {following}: of {total}, {lost} drop out, {share}."
    ).format(
        **_between(look.funnel, found),
        total=counted(look.funnel, found.n + found.young),
        lost=formats.number(found.lost),
        share=lost_share(found),
    )
    # Of those too early to tell nobody knows yet: with them the two shares make no whole.
    return said if found.young else f"{said} " + _("{share} go on.").format(share=share(found))


def changes(look: Look) -> str:
    """Which steps changed against the earlier period, those that are more than chance only."""
    if not look.before:
        return ""
    said = []
    judged = 0
    earlier = passages(look.before)
    for found, was, change in zip(look.passages, earlier, look.changes, strict=True):
        if change is None:
            continue
        judged += 1
        if not change.real:
            continue
        text = (
            _(
                "From {step} to {following} {share} go on, against {before} in {period}: {amount} lower, "
                "and that is more than chance (95% interval {interval} points)."
            )
            if change.worse
            else _(
                "From {step} to {following} {share} go on, against {before} in {period}: {amount} higher, "
                "and that is more than chance (95% interval {interval} points)."
            )
        )
        said.append(
            text.format(
                **_between(look.funnel, found),
                share=share(found),
                period=look.before_text,
                before=share(was),
                amount=points(change),
                interval=interval(change),
            )
        )
    if not judged:
        return _("Too few came in to compare with {period}.").format(period=look.before_text)
    if not said:
        return _("No step differs from {period} by more than chance.").format(
            period=look.before_text
        )
    return " ".join(said)


def broke(look: Look) -> str:
    """The same as a sentence, where the title tells something else."""
    if look.dip is None or look.broken is None:
        return ""
    said = _broke(look)
    return f"{said[:1].upper()}{said[1:]}."


def _broke(look: Look) -> str:
    """The weeks in which a step broke, and how it is otherwise."""
    assert look.dip is not None
    weeks = f"{formats.week(look.dip.since)} – {formats.week(look.dip.until, year=True)}"
    said = _(
        "in {weeks} {share} get from {step} to {following}, in the rest of the period {rest}"
    ).format(
        weeks=weeks,
        share=share(look.dip.dip.inside),
        rest=share(look.dip.dip.outside),
        **_between(look.funnel, look.passages[look.dip.place]),
    )
    return f"{said}; {look.still}" if look.still else said


def contacts(look: Look) -> str:
    """What the step that became worse costs in contacts, now and before."""
    if look.broken is None:
        return ""
    now, was = look.now[look.broken], look.before[look.broken]
    if not now.contacts or was.contacts is None:
        return ""
    return _(
        "Per 100 there, {now} contacts followed before the next step, against {before} in {period}."
    ).format(
        now=formats.number(100 * now.contacts / now.entities),
        period=look.before_text,
        before=formats.number(100 * was.contacts / was.entities),
    )


def young(look: Look) -> str:
    """How many came in too late to tell, and what that does to the conversion."""
    first, last = look.now[0], look.now[-1]
    if not first.immature:
        return ""
    days = formats.number(look.funnel.window_days)
    grey = _(
        "Grey: {young} came in less than {days} days before the as-of date and may still go on."
    ).format(young=counted(look.funnel, first.immature), days=days)
    if first.share_of_first_mature is None or last.share_of_first_mature is None:
        return grey + " " + _("Nothing is certain yet: everybody came in so late.")
    return (
        grey
        + " "
        + _(
            "Of those who had all their time {mature} reach the last step; with them {all}."
        ).format(
            mature=formats.value(last.share_of_first_mature, Unit.PERCENT),
            all=formats.value(last.share_of_first, Unit.PERCENT),
        )
    )


def share(found: Passage) -> str:
    """The share that goes on, as precise as its interval."""
    return formats.value(found.share, Unit.PERCENT, *found.interval)


def lost_share(found: Passage) -> str:
    """The share that drops out, as precise as its interval."""
    return formats.value(found.lost_share, Unit.PERCENT, *found.lost_interval)


def points(change: Difference) -> str:
    """A difference without its sign: 12 points."""
    return formats.unit_difference(
        abs(change.points), Unit.PERCENT, 0 if abs(change.points) >= 1 else 1
    )


def interval(change: Difference) -> str:
    """Its 95 % interval, without sign where the difference has none either: 9 to 15."""
    low, high = sorted((abs(change.low), abs(change.high)))
    if not change.real:
        low, high = change.low, change.high
    return _("{low} to {high}").format(low=formats.number(low, 1), high=formats.number(high, 1))


def lasted(days: float | None) -> str:
    """The time between two steps: seconds and minutes on a site, days in a chain."""
    # Nothing at all is what a source without clock times says.
    if not days:
        return ""
    return formats.seconds(days * 86_400) if days < 1 / 24 else formats.duration(days)


def _between(funnel: Funnel, found: Passage) -> dict[str, str]:
    return {"step": funnel.title(found.step), "following": funnel.title(found.following)}
