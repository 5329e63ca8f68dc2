"""How long cases lasted: asked of several periods, the rows of all are fetched in one go."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi import query
from kpi.model import Kind
from kpi.numbers.lengths import from_lengths
from kpi.periods import Period
from kpi.query import spans
from kpi.query.question import Question
from kpi.results.keys import Columns

if TYPE_CHECKING:
    from kpi.store import Store


def lasted(store: Store, questions: Sequence[Question]) -> dict[Question, Columns]:
    """What `query.spans.durations` brings, of each question about how long cases lasted.

    Others are not in it. Now and before are mostly all that questions differ in: then one pass over
    the cases tells both.
    """
    found: dict[Question, Columns] = {}
    for question in questions:
        kept = from_lengths(store, question)
        if kept is not None:
            found[question] = kept
    left = [question for question in questions if question not in found]
    for alike in query.over_periods(left, {Kind.SURVIVAL}):
        # Of one KPI: another would be counted of other rows.
        assert len({question.kpi.name for question in alike}) == 1
        by_period = {question.period: question for question in alike}
        for periods in _without_common_days(list(by_period)):
            columns = store.columns(spans.durations(by_period[periods[0]], periods))
            for place, period in enumerate(periods):
                own = columns["span"] == place
                found[by_period[period]] = {name: each[own] for name, each in columns.items()}
    return found


def _without_common_days(periods: Sequence[Period]) -> list[list[Period]]:
    """The periods together where no day is in two of them; else each by itself."""
    ordered = sorted(periods, key=lambda one: one.since)
    if all(one.until < other.since for one, other in itertools.pairwise(ordered)):
        return [list(periods)]
    return [[one] for one in periods]
