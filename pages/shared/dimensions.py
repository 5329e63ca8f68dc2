"""What numbers are told apart by, and its values, in the words of the screen."""

from __future__ import annotations

from kpi.i18n import _
from pages.shared import data, kinds

#: What holds the names of a dimension's values.
_TITLES = {"causing_department": "department", "transferred_to": "department"} | {
    name: name for name in ("process", "channel", "reason", "cause", "department")
}


def dimension(name: str) -> str:
    """What a dimension is called on screen."""
    return {
        "process": _("Customer process"),
        "channel": _("Channel"),
        "reason": _("Reason"),
        "cause": _("Cause"),
        "causing_department": _("Causing department"),
        "department": _("Department"),
        "segment": _("Segment"),
        "value_class": _("Customer value"),
        "has_portal": _("Use of the portal"),
        **kinds.dimensions(),
        "weekday_hour": _("Weekday and hour"),
        "transferred_to": _("Transferred to"),
    }.get(name, name)


def group_title(by: str, value: str | None) -> str:
    """What a value of a dimension is called on screen."""
    if value is None:
        return _("unknown")
    if by in _TITLES:
        return data.title(_TITLES[by], value)
    known = {
        ("has_portal", "yes"): _("with portal"),
        ("has_portal", "no"): _("without portal"),
        ("value_class", "high"): _("high value"),
        ("value_class", "low"): _("low value"),
        **kinds.values(),
    }
    return known.get((by, value), value)
