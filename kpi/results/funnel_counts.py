"""How many of each group took each step of a funnel, from rows of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from kpi import stats
from kpi.query.funnel import FunnelQuestion
from kpi.query.question import Key
from kpi.results.durations import SECONDS_A_DAY
from kpi.results.keys import Columns, grouped, keys

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Counted:
    """A funnel counted: of each step one array, with a number for each group.

    Attributes:
        groups: their keys; without any entry one group of nobody.
        reached: how many entities took it.
        immature: how many of these entered so late that their window is not over at as-of.
        medians: days since the step before; nan for the first, where nobody took it, and not asked.
        contacts: inbound contacts after it and before the next one; None: not asked.
    """

    groups: Sequence[Key]
    reached: Sequence[Whole]
    immature: Sequence[Whole]
    medians: Sequence[Floats]
    contacts: Sequence[Whole] | None


def mature_until(question: FunnelQuestion, as_of: datetime | None) -> np.datetime64:
    """Who entered at this moment or before has had the whole window by as-of."""
    limit = np.datetime64(as_of or datetime(9999, 12, 31), "us")
    return limit - np.timedelta64(round(question.window_seconds * 1e6), "us")


def counted(
    question: FunnelQuestion,
    rows: Columns,
    contacts: Sequence[Columns] | None,
    as_of: datetime | None,
) -> Counted:
    """From the columns of `funnel_rows`, and those of `funnel_contacts` of each step.

    None: neither contacts nor medians are asked.
    """
    group, found = grouped(question.by, rows)
    if not found:
        group, found = np.zeros(0, dtype=np.int64), [(None,) * len(question.by)]
    weight = rows["n"].astype(float)
    late = rows["t0"].astype("datetime64[us]") > mature_until(question, as_of)
    there = np.ones(len(weight), dtype=bool)
    reached, immature, medians = [], [], []
    for place in range(len(question.steps)):
        median = np.full(len(found), np.nan)
        if place:
            gap = rows[f"gap_{place}"].astype(float)
            there = there & ~np.isnan(gap)
            if contacts is not None:
                durations = stats.Durations.of(
                    group[there], gap[there] / SECONDS_A_DAY, weight[there], groups=len(found)
                )
                [median] = stats.quantiles(durations, (0.5,))
        medians.append(median)
        reached.append(_count(group, weight * there, len(found)))
        immature.append(_count(group, weight * (there & late), len(found)))
    return Counted(found, reached, immature, medians, _contacts(question, found, contacts))


def _count(group: Whole, weight: Floats, groups: int) -> Whole:
    return np.rint(np.bincount(group, weights=weight, minlength=groups)).astype(np.int64)


def _contacts(
    question: FunnelQuestion, found: Sequence[Key], contacts: Sequence[Columns] | None
) -> list[Whole] | None:
    if contacts is None:
        return None
    told = []
    for columns in contacts:
        counts = dict(zip(keys(question.by, columns), columns["n"], strict=True))
        told.append(np.array([int(counts.get(key, 0)) for key in found], dtype=np.int64))
    return told
