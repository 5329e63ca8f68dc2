"""The usual questions of the first page: which are answered at once, and those made so beforehand.

Of a large store sums per day answer most numbers. What they cannot give is counted of every row: that
is done of the usual questions before anybody asks them, a little at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from kpi.filters import Filters
from kpi.measures import KPIS, headlines
from kpi.model import Kpi
from kpi.numbers.answering import ANSWERS, DEAR, ask
from kpi.numbers.comparing import compare, earlier_period
from kpi.numbers.daily_sums import is_kept
from kpi.numbers.once import fetched
from kpi.numbers.periods import default_period
from kpi.numbers.problem import AskProblem, applies
from kpi.numbers.questions import question_of
from kpi.periods import USUAL, months_up_to, presets

if TYPE_CHECKING:
    from kpi.store import Store

#: As the first page asks: by process, and its small lines by month.
_BY, _COURSE = ("process",), ("process", "month")
#: In which state of each store how many of the usual questions were counted.
_counted: WeakKeyDictionary[Store, tuple[str, int]] = WeakKeyDictionary()


def quickly(
    store: Store, names: Sequence[str], filters: Filters, by: Sequence[str] = ()
) -> list[str]:
    """Which of these KPIs, now and before, are answered in hundredths of a second at any number of rows.

    Empty where no sums are kept, for then all of them are added up, and none is quicker.
    """
    if not store.daily.now():
        return []
    return [name for name in names if _quick(store, KPIS[name], filters, tuple(by))]


def _quick(store: Store, kpi: Kpi, filters: Filters, by: tuple[str, ...]) -> bool:
    question = question_of(store, kpi, filters, by)
    if question is None:
        return False
    if kpi.kind not in DEAR:
        return is_kept(store, question)
    before = earlier_period(store, kpi, question.period, filters.comparison)
    spans = [question.period, *([before] if before is not None else [])]
    asked = (
        question_of(store, kpi, filters.during(span.since, span.until), by) for span in spans
    )  # fmt: skip
    return all(fetched(store, one, ANSWERS) for one in asked)


def keep_usual_answers(store: Store) -> bool:
    """Count what takes long of the next usual question; false where none is left.

    One at a time, so that whoever asks something else meanwhile hardly waits.
    """
    state = store.state
    of, count = _counted.get(store, ("", 0))
    if of != state:
        count = 0
    # Without sums the store is small: everything is counted as fast as it is asked.
    usual = list(_usual(store)) if store.daily.now() else []
    if count >= len(usual):
        return False
    filters = usual[count]
    names = [
        kpi.name for kpi in headlines() if kpi.kind in DEAR and applies(kpi, _COURSE, filters.where)
    ]
    compare(store, names, filters, _BY)
    assert filters.until is not None
    year = months_up_to(filters.until)
    ask(store, names, filters.during(year.since, year.until), _COURSE)
    _counted[store] = (state, count + 1)
    return True


def _usual(store: Store) -> Iterator[Filters]:
    """The periods that are offered, of all channels and of each; the usual period first."""
    try:
        _since, until = default_period(store, [kpi.name for kpi in headlines()])
    except AskProblem:
        return
    channels = [str(row["channel"]) for row in store.configuration.channels(until)]
    offered = presets(until)
    for span in (offered[USUAL], *(span for name, span in offered.items() if name != USUAL)):
        yield Filters.of(span.since, span.until)
        for channel in channels:
            yield Filters.of(span.since, span.until, channel=[channel])
