"""What is said of channel steering: how much comes as we would like, what moved, and what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpi import formats
from kpi.bulletin.sentences_avoidable import listed, lower_first, moved
from kpi.bulletin.states import overlap
from kpi.bulletin.steering import Line, ranked
from kpi.differences import changed
from kpi.i18n import _, ngettext
from kpi.model import INDICATIVE, Better, Result, Unit

#: So many moves are told one by one: of a large organisation every reason moves by more than chance.
MOST_MOVED = 5


def title(
    name: str,
    process: str,
    preferred: Result | None,
    before: Result | None,
    earlier: str,
    lines: Sequence[Line],
) -> str:
    """The fact of the page; `name` where there is none."""
    if preferred is None or preferred.value is None or preferred.too_few:
        return name
    said = _("{share} of the contacts came by a preferred channel").format(share=_share(preferred))
    if process:
        said = _("{process}: {said}").format(process=process, said=said)
    change = (
        changed(preferred, before, Unit.PERCENT, Better.CONTEXT)
        if before is not None and before.value is not None and not before.too_few
        else None
    )
    if change is not None and earlier:
        if not change.amount or overlap(preferred, before):
            said = _("{said}, not clearly different from {period}").format(
                said=said, period=earlier
            )
        else:
            more = preferred.value > (before.value or 0)  # type: ignore[union-attr]
            said = moved(said, change.amount, earlier, more=more)
    furthest = [one for one in ranked(lines) if one.n >= INDICATIVE and one.elsewhere]
    if not furthest:
        return said
    return _("{said}; most contacts by another channel: {reason} ({n})").format(
        said=said,
        reason=lower_first(furthest[0].title),
        n=formats.number(furthest[0].elsewhere),
    )


def of_heat(lines: Sequence[Line], without: Sequence[tuple[str, int]], left: int) -> str:
    """Where most could come otherwise, and which reasons nobody has a wish for.

    `without`: reasons without strategy, with their contacts, the most first; `left` contacts of
    those and of unknown reasons together.
    """
    order = [one for one in ranked(lines) if not one.preferred.too_few]
    total = sum(one.elsewhere for one in lines)
    said = []
    if order and total:
        some: list[Line] = []
        for one in order[:3]:
            some.append(one)
            if 2 * sum(part.elsewhere for part in some) >= total:
                break
        said.append(
            _("{n} contacts did not come by a preferred channel; {share} of them were about: "
              "{reasons}.")
            .format(
                n=formats.number(total),
                share=formats.percent(100 * sum(part.elsewhere for part in some) / total),
                reasons=listed([lower_first(one.title) for one in some]),
            )
        )  # fmt: skip
    if left:
        names = [lower_first(name) for name, _n in without[:3]]
        what = ngettext(
            "{n} contact has a reason without a channel strategy",
            "{n} contacts have a reason without a channel strategy",
            left,
        ).format(n=formats.number(left))
        said.append(
            _("{what}: most about {reasons}.").format(what=what, reasons=listed(names))
            if names
            else f"{what}."
        )
    return " ".join(said)


def of_drift(lines: Sequence[Line], earlier: str) -> list[str]:
    """Reasons whose share by a preferred channel really moved, the largest moves first.

    More than `MOST_MOVED` are counted only: the table of reasons has each.
    """
    moved = [one for one in lines if one.moved]
    moved.sort(key=lambda one: -abs((one.preferred.value or 0) - (_before(one).value or 0)))
    if not earlier:
        return []
    if not moved:
        return [_("No reason moved by more than chance since {period}.").format(period=earlier)]
    said = [
        _("{reason}: preferred channels {before} → {now} (n = {n}), {word}.").format(
            reason=f"{one.title}{f' ({one.under})' if one.value_class else ''}",
            before=_share(_before(one)),
            now=_share(one.preferred),
            n=formats.number(one.n),
            word=_("better") if one.moved > 0 else _("worse"),
        )
        for one in moved[:MOST_MOVED]
    ]
    others = len(moved) - MOST_MOVED
    if others > 0:
        said.append(
            ngettext(
                "{n} other reason moved less, but by more than chance: see the table above.",
                "{n} other reasons moved less, but by more than chance: see the table above.",
                others,
            ).format(n=formats.number(others))
        )
    return said


def _before(line: Line) -> Result:
    assert line.before is not None
    return line.before


def of_values(high: Result | None, low: Result | None, names: Sequence[str]) -> str:
    """Whether customers of high and low value come as we would like; `names`: own strategies."""
    said = []
    if high is not None and low is not None and not high.too_few and not low.too_few:
        if overlap(high, low):
            said.append(
                _("Customers of high and of low value come by a preferred channel about as often.")
            )
        else:
            said.append(
                _(
                    "Of high-value customers {high} use a preferred channel, of low-value "
                    "customers {low}."
                ).format(high=_share(high), low=_share(low))
            )
    if names:
        said.append(
            _("Each has a strategy of its own for: {reasons}.").format(
                reasons=listed([lower_first(name) for name in names])
            )
        )
    return " ".join(said)


def of_gaps(gaps: Mapping[str, Result], least: int) -> str:
    """Processes where the channel surely makes a difference, the largest first."""
    known = {name: one for name, one in gaps.items() if one.value is not None}
    if not known:
        return _(
            "No process has two channels with {least} cases or more: too few to compare channels."
        ).format(least=least)
    sure = [(name, one) for name, one in known.items() if one.low is not None and one.low > 0]
    if not sure:
        return _("In no process does the channel make a difference beyond chance.")
    sure.sort(key=lambda pair: -(pair[1].value or 0))
    name, one = sure[0]
    return _(
        "Largest in {process}: {points} points between the best and the worst channel."
    ).format(process=name, points=formats.number(one.value)) + (
        " "
        + ngettext(
            "In {n} process the difference is more than chance.",
            "In {n} processes the difference is more than chance.",
            len(sure),
        ).format(n=len(sure))
    )


def of_online(one: Result | None) -> str:
    """Online against calls, and which part of it is only known as totals."""
    if one is None or one.value is None or one.too_few:
        return _("Too few transactions that are done both online and by telephone.")
    said = _("{share} of {n} transactions that can be done both ways were done online").format(
        share=_share(one), n=formats.number(one.denominator)
    )
    calls = one.extras.get("call_to_online")
    if calls is not None:
        said = _("{said}: {calls} calls per 100 online").format(
            said=said, calls=formats.number(100 * calls)
        )
    said += "."
    totals = one.extras.get("from_totals") or 0
    if totals and one.denominator:
        said += " " + _(
            "{share} of them are only known as totals per period: whose, why and how long is not."
        ).format(share=formats.percent(100 * totals / one.denominator))
    return said


def _share(one: Result) -> str:
    return formats.value(one.value, Unit.PERCENT, one.low, one.high)
