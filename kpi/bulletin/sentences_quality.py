"""Data quality in words: what is missing, of what, and which figures that makes less sure."""

from __future__ import annotations

from collections.abc import Sequence

from kpi import formats
from kpi.i18n import _, ngettext
from kpi.measures import KPIS
from kpi.results.feeds import FeedState
from kpi.results.quality import Coverage
from kpi.schema.titles import TITLES

#: KPIs that are named one by one.
NAMED = 4


def field_title(name: str) -> str:
    """What a column holds, in a word or two."""
    return {
        "customer_id": _("customer"),
        "case_id": _("case"),
        "process": _("customer process"),
        "reason": _("reason"),
        "category": _("category"),
        "moment": _("contact moment"),
        "inbound": _("direction"),
        "channel": _("channel"),
        "department": _("department"),
    }.get(name, name)


def rows_title(of: Coverage) -> str:
    """The rows that should have it: of some fields not all rows of the table."""
    if (of.table, of.field) == ("contacts", "category"):
        return _("Answered inbound contacts")
    return _(TITLES[of.table])


def title(late: Sequence[FeedState], gaps: Sequence[Coverage]) -> str:
    """The page's title: what asks for attention first."""
    said = []
    if late:
        said.append(
            ngettext(
                "{n} delivery asks for attention", "{n} deliveries ask for attention", len(late)
            ).format(n=len(late))
        )
    if gaps:
        said.append(lacks(gaps[0]))
    return "; ".join(said) or _("Nothing of weight is missing in the data")


def lacks(of: Coverage) -> str:
    """How much of a table is without a field: "32 % of the contacts have no case"."""
    return _("{share} of the {rows} have no {field}").format(
        share=formats.percent(100 * (1 - (of.whole.share or 0.0))),
        rows=formats.lower_first(rows_title(of)),
        field=field_title(of.field),
    )


def weakens(of: Coverage) -> tuple[str, str]:
    """The KPIs that a gap weakens, and what cannot be told apart because of it."""
    names = [_(KPIS[name].title) for name in of.kpis]
    # Names hold commas of their own: "Lead time, open cases included".
    named = f"{formats.SPACE}· ".join(names[:NAMED])
    more = len(names) - NAMED
    if more > 0:
        named = _("{names} and {n} more").format(names=named, n=more)
    split = ""
    if of.split:
        split = ngettext(
            "{n} KPI can be split by {field}", "{n} KPIs can be split by {field}", of.split
        ).format(n=of.split, field=field_title(of.field))
    if named:
        return named, split
    return (split, "") if split else (_("no KPI"), "")
