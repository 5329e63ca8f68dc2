"""What customers are told apart by that changes while they are one, in words."""

from __future__ import annotations

from kpi.i18n import _


def dimensions() -> dict[str, str]:
    """What each is called."""
    return {
        "tenure": _("Time as a customer"),
        "products": _("Number of products"),
        "caller": _("In touch in the past year"),
    }


def values() -> dict[tuple[str, str], str]:
    """What each value is called, by dimension and value."""
    return {
        ("tenure", "new"): _("new (up to 90 days)"),
        ("tenure", "long"): _("customer for longer"),
        ("products", "few"): _("few products"),
        ("products", "many"): _("many products (3+)"),
        ("caller", "yes"): _("in touch in the year before"),
        ("caller", "no"): _("not in touch in the year before"),
    }
