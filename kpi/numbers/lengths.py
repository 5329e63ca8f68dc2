"""How long cases lasted, held in memory with the day they were opened.

Sums per day cannot tell it: half of the cases is no sum. Of a large store the lengths of all its cases
are held, some ten bytes each, so that the filters of every page are answered in hundredths of a
second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kpi.measures import KPIS
from kpi.model import Moment
from kpi.numbers import by_day
from kpi.numbers.blocks import Blocks
from kpi.numbers.memory import InMemory
from kpi.numbers.ranked import Ranked
from kpi.query import in_memory
from kpi.query.question import Question
from kpi.results.keys import Columns

if TYPE_CHECKING:
    from kpi.store import Store

#: In how many ways a case can have ended.
ENDINGS = 4


@dataclass(frozen=True)
class _Lengths:
    """Every case that was opened by as-of.

    Attributes:
        rows: by process and channel, and the day they were opened.
        seconds: how long it lasted, not known where nothing can be timed; kinds are those of
            `query.spans.ending`.
    """

    rows: Blocks
    seconds: Ranked


def _read(store: Store, at: Moment) -> _Lengths | None:
    read = by_day.read(store, in_memory.lengths(KPIS["lead_time"], at))
    if read is None:
        return None
    rows, found = read
    blocks, order = Blocks.put(rows)
    seconds, ending = found["seconds"].astype(np.float64), found["ending"].astype(np.int32)
    return _Lengths(blocks, Ranked.of(seconds[order], ending[order], ENDINGS))


LENGTHS = InMemory(KPIS["lead_time"], _read)


def from_lengths(store: Store, question: Question) -> Columns | None:
    """What `query.spans.durations` brings; None where it is to be asked of the store."""
    held = LENGTHS.telling(store, question)
    if held is None:
        return None
    kept = held.rows.kept(question)
    # Within each key by how it ended.
    number, ending, seconds, n = held.seconds.tallies(kept)
    return {**kept.groups.keys(number), "ending": ending, "seconds": seconds, "n": n}
