"""Gegevens inlezen: placeholder until reading is there."""

from kpi.i18n import _
from pages.shared import filters, page


def show() -> None:
    filters.bare()
    page.heading(_("Load data"))
