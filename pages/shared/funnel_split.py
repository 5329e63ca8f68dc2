"""A funnel apart by a dimension: two values side by side, all of them in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from kpi import formats
from kpi.alerts.passing import Passing
from kpi.bulletin import table
from kpi.bulletin.tables import Column, Shown, Table
from kpi.charts.funnel import Bar, bars
from kpi.charts.theme import SERIES
from kpi.i18n import _
from kpi.model import TOO_FEW, Unit
from kpi.results.funnel import (
    Difference,
    FunnelStep,
    Passage,
    difference,
    passage,
    passages,
    together,
)
from pages.shared import data, funnels, kinds, page
from pages.shared import funnel_words as words
from pages.shared.asked import Asked
from pages.shared.funnels import Look

Groups = Mapping[str | None, Sequence[FunnelStep]]
#: Differences that are told in words, the surest first.
_TOLD = 2
_KEY = "funnel-split"


def show(asked: Asked, seen: Look, split: str) -> None:
    """The values of `split`: the two largest as funnels, all in a table, differences in words."""
    page.section(
        _("Apart by {dimension}").format(dimension=dict(funnels.split_by(seen.funnel))[split])
    )
    groups = funnels.groups(asked, seen.funnel, split)
    known = compared(groups)
    if len(known) < 2:
        page.quiet(_("All who came in are the same here: there is nothing to compare."))
        page.table(_table(seen, groups, split), f"{_KEY}-table")
        return
    page.text(_sentences(seen, groups, split))
    if len(known) > 2:
        page.quiet(_("The two largest side by side; all of them in the table."))
    if any(steps[0].immature for steps in groups.values()):
        page.quiet(_("Without those who came in too late to tell."))

    def draw() -> None:
        columns = st.columns(2, gap="large")
        for number, (column, value) in enumerate(zip(columns, known, strict=False)):
            with column:
                _bars(seen, groups, value, split, f"{_KEY}-{number}")

    page.charted(
        draw, lambda: _table(seen, groups, split), _KEY, tell=Passing(seen.funnel.name).kpi
    )


def compared(groups: Groups) -> list[str | None]:
    """The values held against each other: the known ones, or the one there is against unknown."""
    known = [value for value in groups if value is not None]
    return [*known] if len(known) > 1 else [*groups]


def against_others(groups: Groups, value: str | None, place: int) -> Difference | None:
    """A value's passage against the others compared together; None where it cannot be said."""
    values = compared(groups)
    if value not in values:
        return None
    others = [passages(groups[other])[place] for other in values if other != value]
    return difference(passages(groups[value])[place], together(others))


def _sentences(seen: Look, groups: Groups, split: str) -> str:
    found = []
    known = compared(groups)
    # Of two values one difference says it all.
    for value in known[:1] if len(known) == 2 else known:
        for place, own in enumerate(passages(groups[value])):
            change = against_others(groups, value, place)
            if change and change.real:
                sure = min(abs(change.low), abs(change.high))
                found.append((-sure, _difference(seen, groups, split, value, own, place)))
    if not found:
        return _("No difference between them is more than chance.")
    return " ".join(text for _sure, text in sorted(found)[:_TOLD])


def _difference(
    seen: Look, groups: Groups, split: str, value: str | None, own: Passage, place: int
) -> str:
    others = [other for other in compared(groups) if other != value]
    rest = together(passages(groups[name])[place] for name in others)
    change = difference(own, rest)
    assert rest is not None
    assert change is not None
    return _(
        "From {step} to {following} {share} go on with {value}, with {other} {rest}: a difference "
        "of {amount} (95% interval {interval})."
    ).format(
        step=seen.funnel.title(own.step),
        following=seen.funnel.title(own.following),
        share=words.share(own),
        value=_quoted(split, value),
        other=_quoted(split, others[0]) if len(others) == 1 else _("the others"),
        rest=words.share(rest),
        amount=words.points(change),
        interval=words.interval(change),
    )


def _bars(seen: Look, groups: Groups, value: str | None, split: str, key: str) -> None:
    steps = groups[value]
    shown = [_bar(seen, groups, value, place) for place in range(len(steps))]
    said = _named_in_full(split, value, steps)
    page.text(said)
    figure = bars(
        shown,
        colour=SERIES.get(seen.funnel.process or ""),
        lines=2 if _any_worse(groups) else 1,
    )
    page.plot(figure, said, key)


def _any_worse(groups: Groups) -> bool:
    found = [
        against_others(groups, value, place)
        for value in compared(groups)
        for place in range(len(groups[value]) - 1)
    ]
    return any(change.worse for change in found if change)


def _bar(seen: Look, groups: Groups, value: str | None, place: int) -> Bar:
    steps = groups[value]
    step = steps[place]
    share = step.share_of_first_mature or 0.0
    loss = worse = ""
    if place + 1 < len(steps):
        own = passages(steps)[place]
        between = formats.interval(*own.interval, Unit.PERCENT)
        loss = _("{share} go on ({interval})").format(share=words.share(own), interval=between)
        if own.too_few:
            loss = _("too few (n = {n})").format(n=formats.number(own.n))
        change = against_others(groups, value, place)
        if change and change.worse:
            said = (
                _("▼ {amount} fewer than the others")
                if len(compared(groups)) > 2
                else _("▼ {amount} fewer than the other")
            )
            worse = said.format(amount=words.points(change))
    return Bar(
        f"{place + 1}  {seen.funnel.title(step.step)}",
        share,
        0,
        # The first one is all of them: its share says nothing, and the room is scarce.
        (f"{formats.value(share, Unit.PERCENT)} · " if place else "") + formats.number(step.mature),
        loss,
        worse=worse,
        hover=(f"{_('reached')}: {formats.number(step.mature)}",),
    )


def _table(seen: Look, groups: Groups, split: str) -> Table:
    heads = [
        Column(f"{seen.funnel.title(one.step)} → {seen.funnel.title(one.following)}", figures=True)
        for one in seen.passages
    ]
    rows = []
    for value, steps in groups.items():
        rows.append(
            [
                named(split, value),
                formats.number(steps[0].entities),
                *(
                    _cell(own, against_others(groups, value, place))
                    for place, own in enumerate(passages(steps))
                ),
                _cell(passage(steps[0], steps[-1]), None),
            ]
        )
    return table(
        _("Apart by {dimension}").format(dimension=dict(funnels.split_by(seen.funnel))[split]),
        [
            _("Value"),
            Column(_("Came in"), figures=True),
            *heads,
            Column(_("The whole"), figures=True),
        ],
        rows,
        note=_(
            "Share that goes on, without those too early to tell, with its 95% interval. An arrow "
            "where it differs from the other values together by more than chance."
        ),
    )


def _cell(own: Passage, change: Difference | None) -> Shown:
    if own.n < TOO_FEW:
        return Shown(_("too few (n = {n})").format(n=formats.number(own.n)), mark="quiet")
    between = formats.interval(*own.interval, Unit.PERCENT)
    under = f"{between} · n {formats.number(own.n)}"
    if change is None or not change.real:
        return Shown(words.share(own), under=under)
    arrow = "▲" if change.better else "▼"
    return Shown(
        f"{arrow} {words.share(own)}", under=under, mark="better" if change.better else "worse"
    )


def named(split: str, value: str | None) -> str:
    """A value as it is shown."""
    if value is None:
        return _("unknown")
    if split == "has_portal":
        return {"yes": _("yes"), "no": _("no")}.get(value, value)
    if split == "value_class":
        return {"high": _("high"), "low": _("low")}.get(value, value)
    if split in {"channel", "reason", "department"}:
        return data.title(split, value)
    return kinds.values().get((split, value), value)


def _quoted(split: str, value: str | None) -> str:
    return f"“{named(split, value)}”"


def _named_in_full(split: str, value: str | None, steps: Sequence[FunnelStep]) -> str:
    return _("{value}: {n} came in").format(
        value=named(split, value), n=formats.number(steps[0].entities)
    )
