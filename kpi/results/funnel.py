"""Funnels: entities per step, shares, and the time from step to step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from itertools import accumulate, pairwise
from operator import add, sub
from typing import Any

from kpi import stats
from kpi.model import TOO_FEW, Note
from kpi.query.funnel import FunnelQuestion
from kpi.query.question import Key
from kpi.results.funnel_counts import Counted
from kpi.results.keys import number, order


@dataclass(frozen=True)
class FunnelStep:
    """One step of a funnel, for one group.

    Attributes:
        step, position: its name, and its place from 1.
        entities: how many reached it, those included whose window is not over.
        immature: how many of them entered so late that their window is not over at as-of.
        share_of_first, share_of_previous: percent; None where that is nobody.
        share_of_first_mature: the same without the immature.
        median_days_from_previous: None for the first step, where nobody reached it, and not asked.
        contacts: inbound contacts after this step and before the next one; None: not asked.
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
    contacts: int | None
    by: Mapping[str, str | None] = field(default_factory=dict)
    as_of: datetime | None = None
    notes: tuple[Note, ...] = ()

    @property
    def mature(self) -> int:
        """How many of those who reached it came in so early that their outcome is known."""
        return self.entities - self.immature

    @property
    def note(self) -> str | None:
        """All remarks in English; None when there are none."""
        return "; ".join(note.text() for note in self.notes) or None


def funnel_steps(
    question: FunnelQuestion, counted: Counted, as_of: datetime | None, notes: tuple[Note, ...] = ()
) -> list[FunnelStep]:
    """The steps of each group, groups in order; one group of nobody when nobody entered."""
    steps: dict[Key, list[FunnelStep]] = {key: [] for key in counted.groups}
    for place, step in enumerate(question.steps):
        for position, key in enumerate(counted.groups):
            before = steps[key]
            now, young = (
                int(each[place][position]) for each in (counted.reached, counted.immature)
            )
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
                    number(counted.medians[place][position]),
                    int(counted.contacts[place][position]) if counted.contacts else None,
                    dict(zip(question.by, key, strict=True)),
                    as_of,
                    notes,
                )
            )
    return [step for key in order(steps) for step in steps[key]]


@dataclass(frozen=True)
class Passage:
    """How many went on from one step to a later one, those too young to tell left out.

    Attributes:
        step, following: where from and where to.
        n, hits: how many reached the first, and of these the second.
        lost: how many did not reach the second, those too young to tell included: as many as
            the difference of the two bars.
        waiting: how many of the lost may still.
        young: how many reached the first and came in too late to tell; not in `n`.
    """

    step: str
    following: str
    n: int
    hits: int
    lost: int = 0
    waiting: int = 0
    young: int = 0

    @property
    def share(self) -> float | None:
        """Percent that went on; None where nobody could."""
        return _percent(self.hits, self.n)

    @property
    def lost_share(self) -> float | None:
        """Percent of everybody who reached the step that did not go on, the young included."""
        return _percent(self.lost, self.n + self.young)

    @property
    def lost_interval(self) -> tuple[float | None, float | None]:
        """Wilson 95 % interval of `lost_share`, percent."""
        found = stats.wilson(self.lost, self.n + self.young)
        return (100 * found[0], 100 * found[1]) if found else (None, None)

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """Wilson 95 % interval of `share`, percent."""
        found = stats.wilson(self.hits, self.n)
        return (100 * found[0], 100 * found[1]) if found else (None, None)

    @property
    def too_few(self) -> bool:
        """Whether it rests on fewer than ten: nothing is said of it."""
        return self.n < TOO_FEW


@dataclass(frozen=True)
class Difference:
    """One passage against another: points, with Newcombe's 95 % interval."""

    points: float
    low: float
    high: float

    @property
    def real(self) -> bool:
        """Whether it is more than chance: the interval leaves out 0."""
        return self.low > 0 or self.high < 0

    @property
    def worse(self) -> bool:
        """Whether surely fewer go on."""
        return self.high < 0

    @property
    def better(self) -> bool:
        """Whether surely more go on."""
        return self.low > 0


def passage(before: FunnelStep, after: FunnelStep) -> Passage:
    """From one step of a group to a later one of the same group."""
    return Passage(
        before.step,
        after.step,
        before.mature,
        after.mature,
        before.entities - after.entities,
        before.immature - after.immature,
        before.immature,
    )


def passages(steps: Sequence[FunnelStep]) -> list[Passage]:
    """From each step of one group to the next: one fewer than there are steps."""
    return [passage(*pair) for pair in pairwise(steps)]


def together(parts: Iterable[Passage]) -> Passage | None:
    """The same passage of several groups as one; None of no group."""
    found = list(parts)
    if not found:
        return None
    counts = reduce(_added, map(_counts, found))
    return Passage(found[0].step, found[0].following, *counts)


def difference(now: Passage | None, other: Passage | None) -> Difference | None:
    """How much more (or less) of `now` goes on than of `other`; None where either has too few."""
    if now is None or other is None or now.too_few or other.too_few:
        return None
    found = stats.newcombe(now.hits, now.n, other.hits, other.n)
    return Difference(*(100 * part for part in found)) if found else None


@dataclass(frozen=True)
class Dip:
    """A stretch of buckets in which far fewer went on than in the others.

    Attributes:
        first, last: places of the first and the last bucket of it.
        inside, outside: the passage in the stretch, and in all other buckets.
        z: how far apart, in standard errors (negative).
    """

    first: int
    last: int
    inside: Passage
    outside: Passage
    z: float


#: What of a passage adds up.
_COUNTS = ("n", "hits", "lost", "waiting", "young")
#: A dip lasts so many buckets, rests on so many entities, and is so far from the rest: five
#: standard errors, for every stretch is tried, and ten points, for less is no break.
_STRETCH, _LEAST, _SURE, _POINTS = (2, 8), 20, -5.0, 10.0


def dip(buckets: Sequence[Passage | None]) -> Dip | None:
    """The surest stretch in which a passage broke down; None where there is none.

    `buckets` are in order of time, None where nobody came in.
    """
    there = [one for one in buckets if one]
    if not there:
        return None
    # What came in before each: a stretch is what lies between two of these, and the rest the others.
    whole = [_counts(one) for one in buckets]
    sums = list(accumulate(whole, _added, initial=(0,) * len(_COUNTS)))
    found = None
    for first in range(len(buckets)):
        for length in range(_STRETCH[0], _STRETCH[1] + 1):
            end = first + length
            if end > len(buckets):
                break
            # It begins and ends where somebody came in: an empty week is not part of it.
            if not (buckets[first] and buckets[end - 1]):
                continue
            inside = _less(sums[end], sums[first])
            outside = _less(sums[-1], inside)
            z = _apart(inside[:2], outside[:2])
            if z < (found.z if found else _SURE):
                names = (there[0].step, there[0].following)
                found = Dip(first, end - 1, Passage(*names, *inside), Passage(*names, *outside), z)
    return found


@dataclass(frozen=True)
class Broke:
    """The passage at `place` broke down from one week to another ("2026-W27"), both included."""

    place: int
    since: str
    until: str
    dip: Dip


def broke(weeks: Sequence[str], steps: Iterable[FunnelStep]) -> Broke | None:
    """The surest breakdown of any passage, of steps told apart by week of entry."""
    told = {key[0]: passages(own) for key, own in by_group(steps).items()}
    found = []
    for place in range(max(map(len, told.values()), default=0)):
        fell = dip([told[week][place] if week in told else None for week in weeks])
        if fell:
            found.append(Broke(place, weeks[fell.first], weeks[fell.last], fell))
    return min(found, key=lambda one: one.dip.z, default=None)


def _apart(inside: tuple[int, ...], outside: tuple[int, ...]) -> float:
    """How many standard errors fewer of `inside` went on (negative): n and hits of each."""
    (n, hits), (others, other_hits) = inside, outside
    if min(n, others) < _LEAST:
        return 0.0
    share, rest = hits / n, other_hits / others
    if 100 * (rest - share) < _POINTS:
        return 0.0
    pooled = (hits + other_hits) / (n + others)
    spread = (pooled * (1 - pooled) * (1 / n + 1 / others)) ** 0.5
    return (share - rest) / spread if spread else 0.0


def _counts(one: Passage | None) -> tuple[int, ...]:
    return tuple(getattr(one, name) if one else 0 for name in _COUNTS)


def _added(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(map(add, one, other))


def _less(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(map(sub, one, other))


def by_group(steps: Iterable[FunnelStep]) -> dict[Key, list[FunnelStep]]:
    """The steps of each group, by the group's values, in the order they came."""
    found: dict[Key, list[FunnelStep]] = {}
    for step in steps:
        found.setdefault(tuple(step.by.values()), []).append(step)
    return found


@dataclass(frozen=True)
class FunnelEntity:
    """One entity that entered.

    Attributes:
        entity, customer: their ids; the customer's None where unknown.
        entered: first entry into the first step in the period (UTC).
        last_step, last_at: the last step it took in order, and when (UTC).
        immature: whether it may still go on: its window is not over at as-of.
    """

    entity: str
    customer: str | None
    entered: datetime
    last_step: str
    last_at: datetime
    immature: bool


def funnel_entities(
    question: FunnelQuestion, rows: Iterable[Mapping[str, Any]], as_of: datetime | None
) -> list[FunnelEntity]:
    """Entities from the rows of `kpi.query.funnel.funnel_entities`, in their order."""
    window = timedelta(seconds=question.window_seconds)
    found = []
    for row in rows:
        times = [row[f"t{place}"] for place in range(len(question.steps))]
        # Each step counts only after the one before it: what is reached is a beginning.
        last = max(place for place, at in enumerate(times) if at is not None)
        found.append(
            FunnelEntity(
                str(row["entity"]),
                row["customer"],
                times[0],
                question.steps[last],
                times[last],
                as_of is not None and times[0] + window > as_of,
            )
        )
    return found


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
