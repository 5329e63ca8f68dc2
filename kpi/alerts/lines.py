"""Lines of an overview that take some wording: a complaint, an improvement action."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from kpi import formats
from kpi.access import Scope
from kpi.alerts.words import configured_title as _title
from kpi.bulletin import sentences_effect
from kpi.bulletin.digest import Line
from kpi.formats import Change
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import TOO_FEW, Better, Unit
from kpi.numbers import effect_of
from kpi.results.top import Top, TopRow

if TYPE_CHECKING:
    from kpi.store import Store

#: Standard errors beyond which a difference between two counts is called better or worse.
_SURE = 1.96


def complaint(store: Store, row: TopRow, top: Top, most: int) -> Line:
    """A reason with its cause, how many complaints, and how that changed."""
    known = store.configuration.row("reasons", top.now.until, reason=row.reason)
    cause = known["cause"] if known else None
    under = _title(store, "cause", cause) if cause else ""
    text = _title(store, "reason", str(row.reason))
    change = _of_counts(row, top) if top.compared else None
    mark = ""
    if change is not None and change.good is not None:
        mark = "good" if change.good else "bad"
    return Line(
        text, under if under != text else "", formats.number(row.n), change, row.n / most, mark
    )


def action(
    store: Store, row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], on: date, scope: Scope
) -> Line:
    """An improvement action by the number it should move, never by its title or its owner.

    Args:
        on: the day of today: what should have been done before it is overdue.
    """
    kpi = KPIS.get(row["kpi"] or "")
    aim = {"up": _("More: {what}"), "down": _("Less: {what}")}.get(row["direction"] or "", "")
    what = _(kpi.title) if kpi else _("Improvement action")
    said = [aim.format(what=formats.lower_first(what)) if aim and kpi else what]
    said += [_title(store, kind, row[kind]) for kind in ("process", "reason") if row[kind]]
    under = []
    if row["department"] in store.configuration.configured("department", on):
        under.append(_title(store, "department", row["department"]))
    if row["starts_on"]:
        under.append(_("since {day}").format(day=formats.day(row["starts_on"])))
    if row["stops_on"]:
        said_until = _("up to {day}")
        if row["stops_on"] < on:
            said_until = _("overdue, should have been done by {day}")
        under.append(said_until.format(day=formats.day(row["stops_on"])))
    found = effect_of(store, row, rows, scope)
    if found is not None:
        under.append(sentences_effect.effect(found).text)
    return Line(", ".join(said), " · ".join(under))


def _of_counts(row: TopRow, top: Top) -> Change | None:
    change = formats.change(row.n, row.previous, Unit.COUNT, Better.DOWN)
    # Without "told" another overview has the rest of what was before: that may be fewer than ten.
    open_ = row.told and row.previous * top.weeks >= TOO_FEW
    if change is None or not change.amount:
        return change if open_ else None
    # Counts vary by about their root, an average over weeks by less.
    if abs(row.change) < _SURE * math.sqrt(row.n + row.previous / top.weeks):
        change = replace(change, word=_("more") if row.change > 0 else _("fewer"), good=None)
    if not open_:
        # The amount would tell a count below ten to whoever subtracts.
        return replace(change, amount="")
    return change
