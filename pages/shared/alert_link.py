"""Make an alert from what is seen: a link to the page Alerts with the number filled in."""

from __future__ import annotations

from kpi.filters import Filters
from kpi.i18n import _
from kpi.model import Kpi
from pages.shared import places

#: What an alert can be made of: a KPI with the filters it was asked with, or what stands in its place
#: where an alert is about something else (a passage of a funnel, a file that is late).
Tell = tuple[Kpi, Filters] | str
#: What an alert can be kept to, of all that a number can be filtered by.
KEPT = ("process", "channel", "reason")


def query(tell: Tell) -> dict[str, str]:
    """The question of the page Alerts that this number is filled in by."""
    if isinstance(tell, str):
        return {"kpi": tell}
    kpi, filters = tell
    found = {"kpi": kpi.name}
    for name in KEPT:
        values = filters.values(name)
        # An alert is about one value or all of them.
        if len(values) == 1 and values[0] and name in kpi.dimensions:
            found[name] = values[0]
    return found


def left_out(tell: Tell) -> bool:
    """Whether what is seen is filtered by something that an alert cannot be kept to."""
    if isinstance(tell, str):
        return False
    kept = query(tell)
    return any(name not in kept for name, _values in tell[1].where)


def alert_from(tell: Tell) -> None:
    """The link, where there is such a page for this visitor."""
    if not places.known("alerts"):
        return
    places.link(
        "alerts",
        # Else it would go off about other rows than those in the picture, and nobody would know.
        _("Set an alert on this, without its other filters")
        if left_out(tell)
        else _("Set an alert on this"),
        icon=":material/notifications:",
        query=query(tell),
    )
