"""From a number to the rows behind it: the address of the page that shows exactly those."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from kpi import numbers
from kpi.filters import Filters
from kpi.i18n import language
from kpi.measures import KPIS
from kpi.results.rows import parts_of
from pages.shared import data, places
from pages.shared.filters import UNKNOWN

#: A group of an answer, as `Result.by` has it.
Group = Mapping[str, str | None]


def link(kpi: str, filters: Filters, group: Group | None = None, part: str = "") -> str:
    """The address of the rows behind a number; empty where it has none, or they may not be seen.

    Args:
        kpi: its name.
        filters: as they were asked with.
        group: the group of the answer.
        part: "numerator", "denominator" or "missed"; without it the KPI's first.
    """
    declared = KPIS.get(kpi)
    if declared is None or not parts_of(declared) or not data.SCOPE.personal:
        return ""
    if not places.known("rows"):
        return ""
    group = group or {}
    if any(value is None for name, value in group.items() if name in {"day", "week", "month"}):
        return ""
    query = {"kpi": kpi, "part": part, **question(kpi, filters, group)}
    return f"{places.path('rows')}?{urlencode({k: v for k, v in query.items() if v})}"


def question(kpi: str, filters: Filters, group: Group) -> dict[str, str]:
    """The question about one group as parameters of an address, nothing left to a default."""
    asked = numbers.narrowed(data.store(), kpi, filters, group)
    said = {
        name: values[0] or UNKNOWN for name, values in asked.to_query().items() if name != "compare"
    }
    slot = group.get("weekday_hour")
    return {**said, **({"weekday_hour": slot} if slot else {}), "lang": language()}
