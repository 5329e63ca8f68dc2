"""What exists only as a total of a period (D36), and in which number it counts."""

from __future__ import annotations

from kpi import numbers
from kpi.bulletin.totals import totals_table
from kpi.i18n import _
from kpi.measures import KPIS
from pages.shared import data, page
from pages.shared.asked import Asked


def show(asked: Asked) -> None:
    """A section with every total of the period; nothing where none was delivered."""
    found = data.cached(
        "totals", (asked.period,), lambda: numbers.totals(data.store(), asked.period, data.SCOPE)
    )
    if not found:
        return
    page.section(_("Totals per period"))
    page.text(
        _(
            "Of some things only a total per week or month exists. Those are shown as they came; "
            "where they can, they count beside what is known per contact."
        )
    )
    page.table(totals_table(found, _(KPIS[numbers.TAKES_TOTALS].title)), "totals")
