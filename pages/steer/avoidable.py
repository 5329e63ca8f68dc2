"""Avoidable contacts."""

from __future__ import annotations

from kpi.i18n import _
from pages.shared import data, empty, filters, page


def show() -> None:
    if not data.loaded():
        filters.bare()
        empty.nothing_loaded()
        return
    filters.show(filters.ANY)
    page.heading(_("Avoidable contacts"))
