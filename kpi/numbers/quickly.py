"""Which numbers are there at once, also of tens of millions of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.numbers.daily_sums import is_kept
from kpi.numbers.hold import is_held
from kpi.numbers.questions import question_of

if TYPE_CHECKING:
    from kpi.store import Store


def quickly(
    store: Store, names: Sequence[str], filters: Filters, by: Sequence[str] = ()
) -> list[str]:
    """Which of these KPIs what is kept answers: in hundredths of a second, at any number of rows.

    Empty where no sums are kept, for then all of them are added up, and none is quicker.
    """
    if not store.daily.now():
        return []
    found = []
    for name in names:
        question = question_of(store, KPIS[name], filters, tuple(by))
        if question is not None and (is_kept(store, question) or is_held(store, question)):
            found.append(name)
    return found
