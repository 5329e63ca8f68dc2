"""All that is held in memory of a large store, in the order in which pages need it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpi.model import Kind
from kpi.numbers.churned import CHURNED
from kpi.numbers.counted_once import ONCE
from kpi.numbers.durations import DURATIONS
from kpi.numbers.funnels import hold_funnels
from kpi.numbers.leavers import LEAVERS
from kpi.numbers.lengths import LENGTHS
from kpi.numbers.memory import LEAST, MOST, InMemory
from kpi.numbers.still_open import OPEN
from kpi.numbers.stocks import SPELLS
from kpi.query.question import Question

if TYPE_CHECKING:
    from kpi.store import Store

#: By KPI; funnels beside them, and the open cases of an owner's desk.
EVERY: tuple[InMemory[Any], ...] = (LENGTHS, CHURNED, LEAVERS, *DURATIONS.values(), SPELLS, ONCE)


def hold(store: Store, least: int = LEAST, most: int = MOST) -> int:
    """Read what is not held yet of what the store has now; how many of them were read.

    Args:
        store: nobody waits for it.
        least: of fewer rows nothing is held: they are counted as fast as they are asked.
        most: nor of more than this.
    """
    kept = sum(one.keep(store, least, most) for one in (*EVERY, OPEN))
    return kept + hold_funnels(store, least, most)


def is_held(store: Store, question: Question) -> bool:
    """Whether what is held answers a question by itself: not beside sums that are not kept."""
    beside = question.kpi.kind is Kind.DISTINCT
    return not beside and any(one.telling(store, question) for one in EVERY)
