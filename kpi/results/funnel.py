"""Funnels: entities per step, shares, and the time from step to step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from kpi import stats
from kpi.model import Note
from kpi.query.funnel import FunnelQuestion
from kpi.query.question import Key
from kpi.results.durations import SECONDS_A_DAY
from kpi.results.keys import Columns, count, grouped, keys, number, order


@dataclass(frozen=True)
class FunnelStep:
    """One step of a funnel, for one group.

    Attributes:
        step, position: its name, and its place from 1.
        entities: how many reached it, those included whose window is not over.
        immature: how many of them entered so late that their window is not over at as-of.
        share_of_first, share_of_previous: percent; None where that is nobody.
        share_of_first_mature: the same without the immature.
        median_days_from_previous: None for the first step, and where nobody reached it.
        contacts: inbound contacts after this step and before the next one.
        by, as_of, notes: as in `kpi.model.Result`.
    """

    step: str
    position: int
    entities: int
    immature: int
    share_of_first: float | None
    share_of_previous: float | None
    share_of_first_mature: float | None
    median_days_from_previous: float | None
    contacts: int
    by: Mapping[str, str | None] = field(default_factory=dict)
    as_of: datetime | None = None
    notes: tuple[Note, ...] = ()

    @property
    def note(self) -> str | None:
        """All remarks in English; None when there are none."""
        return "; ".join(note.text() for note in self.notes) or None


def funnel_steps(
    question: FunnelQuestion,
    rows: Columns,
    contacts: Sequence[Columns],
    as_of: datetime | None,
    notes: tuple[Note, ...] = (),
) -> list[FunnelStep]:
    """The steps of each group, groups in order; one group of nobody when nobody entered."""
    group, found = grouped(question.by, rows)
    if not found:
        group, found = np.zeros(0, dtype=np.int64), [(None,) * len(question.by)]
    weight = rows["n"].astype(float)
    limit = np.datetime64(as_of or datetime(9999, 12, 31), "us")
    window = np.timedelta64(round(question.window_seconds * 1e6), "us")
    late = rows["t0"].astype("datetime64[us]") + window > limit
    asked = [
        dict(zip(keys(question.by, columns), columns["n"], strict=True)) for columns in contacts
    ]
    steps: dict[Key, list[FunnelStep]] = {key: [] for key in found}
    there = np.ones(len(weight), dtype=bool)
    for place, step in enumerate(question.steps):
        medians = np.full(len(found), np.nan)
        if place:
            gap = rows[f"gap_{place}"].astype(float)
            there = there & ~np.isnan(gap)
            durations = stats.Durations.of(
                group[there], gap[there] / SECONDS_A_DAY, weight[there], groups=len(found)
            )
            [medians] = stats.quantiles(durations, (0.5,))
        reached = np.bincount(group, weights=weight * there, minlength=len(found))
        immature = np.bincount(group, weights=weight * (there & late), minlength=len(found))
        for position, key in enumerate(found):
            before = steps[key]
            now, young = round(reached[position]), round(immature[position])
            first = before[0].entities if before else now
            first_young = before[0].immature if before else young
            steps[key].append(
                FunnelStep(
                    step,
                    place + 1,
                    now,
                    young,
                    _percent(now, first),
                    _percent(now, before[-1].entities if before else now),
                    _percent(now - young, first - first_young),
                    number(medians[position]),
                    count(asked[place].get(key, 0)),
                    dict(zip(question.by, key, strict=True)),
                    as_of,
                    notes,
                )
            )
    return [step for key in order(steps) for step in steps[key]]


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
