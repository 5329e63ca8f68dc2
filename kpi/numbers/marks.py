"""Who counts once in a group, however many rows: a mark for each, and then the marks are counted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kpi.numbers.coded import Places
from kpi.tally import beginnings


def marked(code: Places, who: NDArray[np.int32], groups: int, everybody: int) -> NDArray[np.bool_]:
    """Per group (the rows) and one of everybody (the columns) whether there is any.

    Args:
        code: of each row the number of its group.
        who: and whose it is.
        groups, everybody: how many there are of these.
    """
    seen = np.zeros(groups * everybody, dtype=bool)
    seen[code * everybody + who] = True
    return seen.reshape(groups, everybody)


def counted(marks: NDArray[np.bool_]) -> Places:
    """How many marks each group has."""
    # Group by group: along an axis numpy adds them up as numbers, at ten times the cost.
    return np.array([np.count_nonzero(group) for group in marks], np.int64)


def distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each value there is, the lowest first: in a fiftieth of the time that `np.unique` takes."""
    ordered = np.sort(values)
    return ordered[beginnings(ordered)]


def renumbered(code: Places) -> tuple[Places, Places]:
    """The numbers that there are, the lowest first, and of each row the place of its number there."""
    numbers = distinct(code)
    return numbers, np.searchsorted(numbers, code)
