"""Control limits and signals: what a number does by itself, and when it does something else.

A baseline of at least twelve points is taken once and then frozen; what follows is held against it.
A few of its points that lie outside its own limits have a cause of their own (an outage) and are not
what is usual: the limits are made again without them, or what follows it would seem to have moved.
Plain values are judged by an XmR chart. Shares whose rows differ much from point to point are
judged by Laney's p' chart: a p chart whose limits are widened by what varies beyond counting, so
that a large week is not a signal for being large. Counts per so much are judged by a u' chart, alike.

Sources: W. A. Shewhart (1931); D. J. Wheeler, Understanding Variation (1993) for XmR and 2.66;
D. B. Laney, Quality Engineering 14 (2002), 531-537 for p' and u'; D. C. Montgomery, Introduction
to Statistical Quality Control (2013), 5.3 and 6.2 for limits made again without such points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from kpi.model import Result

#: Fewest points of a baseline, and how many are preferred.
LEAST, PREFERRED = 12, 20
#: From mean moving range to limits, and to one standard deviation.
WIDE, TO_SIGMA = 2.66, 1.128
#: At most this part of a baseline has causes of its own; where more of it does, it is not in control.
APART = 0.25
#: So many in a row on one side are a signal.
RUN = 8
#: The largest point has at least so many times the rows of the smallest: then limits follow rows.
UNEQUAL = 1.5


class Method(StrEnum):
    """How limits are made."""

    XMR = "xmr"
    P = "p"
    U = "u"


class Rule(StrEnum):
    """What makes a signal."""

    OUTSIDE = "outside"
    RUN = "run"
    NEAR = "near"


@dataclass(frozen=True)
class Observed:
    """One whole period: its value and, of a share or rate, what it is divided from.

    `value` is `factor` * hits / base where these are given.
    """

    value: float | None
    hits: float | None = None
    base: float | None = None

    @property
    def factor(self) -> float:
        """From the plain ratio to the value's unit; 0 where that cannot be told."""
        if not self.hits or not self.base or not self.value:
            return 0.0
        return self.value * self.base / self.hits


@dataclass(frozen=True)
class Limit:
    """What is usual at one point: centre, lower and upper limit, and one standard deviation."""

    centre: float
    low: float
    high: float
    sigma: float


@dataclass(frozen=True)
class Signal:
    """A signal: places `first` to `last` of the series, above the centre or below it."""

    rule: Rule
    first: int
    last: int
    up: bool


@dataclass(frozen=True)
class Control:
    """A series held against its own baseline.

    Attributes:
        method: how its limits were made.
        limits: one per point, None where there is none.
        baseline: places of the first and last point of the baseline.
        signals: in order of their first point.
        apart: places between these that are not part of it: they lie outside its limits themselves.
    """

    method: Method
    limits: tuple[Limit | None, ...]
    baseline: tuple[int, int]
    signals: tuple[Signal, ...]
    apart: tuple[int, ...] = ()

    def at(self, place: int) -> list[Signal]:
        """The signals that a point is part of."""
        return [one for one in self.signals if one.first <= place <= one.last]


@dataclass(frozen=True)
class Charted:
    """One series with its limits.

    Attributes:
        grain: day, week, month or quarter.
        names: of its whole periods, oldest first: those of the baseline before those asked.
        results: one per name; None where there is none.
        asked: place of the first one that was asked for.
        control: limits and signals; places are those of `names`.
    """

    grain: str
    names: tuple[str, ...]
    results: tuple[Result | None, ...]
    asked: int
    control: Control

    @property
    def signals(self) -> list[Signal]:
        """The signals that reach into what was asked."""
        return [one for one in self.control.signals if one.last >= self.asked]

    @property
    def telling(self) -> list[Signal]:
        """Those of them that say something new: near a limit, only where nothing stronger is."""
        stronger = [one for one in self.signals if one.rule is not Rule.NEAR]
        return [
            one
            for one in self.signals
            if one.rule is not Rule.NEAR or not any(_together(one, other) for other in stronger)
        ]

    @property
    def lasting(self) -> list[Signal]:
        """Those of them that the last period is part of: what is going on now."""
        return [one for one in self.signals if one.last == len(self.names) - 1]

    def limit(self, name: str) -> Limit | None:
        """What is usual in a period; None where nothing is known of it."""
        return self.control.limits[self.names.index(name)] if name in self.names else None


def _together(one: Signal, other: Signal) -> bool:
    return one.up is other.up and one.first <= other.last and other.first <= one.last


def control(
    points: Sequence[Observed],
    upto: int | None = None,
    *,
    method: Method | None = None,
    least: float | None = None,
    most: float | None = None,
) -> Control | None:
    """Limits and signals of a series, oldest first; None with fewer than twelve known points.

    Args:
        points: whole periods only; one without a value is passed over.
        upto: how many of them come before what is judged: the latest of those are the baseline
            where they are enough, else the first of all.
        method: as told, else what the points ask for: shares and rates of unequal size a p or u
            chart (which of both `method` must say), all others XmR.
        least, most: bounds that a value cannot pass, such as 0 and 100 of a share.
    """
    known = [place for place, one in enumerate(points) if one.value is not None]
    baseline = _baseline(known, upto)
    if not baseline:
        return None
    chosen = method if method is not None and _unequal(points, known) else Method.XMR
    made = _limits(points, baseline, chosen)
    if made is None:
        chosen = Method.XMR
        made = _limits(points, baseline, chosen) or []
    usual = baseline
    while made:
        kept = [place for place in usual if not _beyond(points[place], made[place])]
        few = len(kept) < max(LEAST, (1 - APART) * len(baseline))
        again = None if few or kept == usual else _limits(points, kept, chosen)
        if again is None:
            break
        usual, made = kept, again
    limits = tuple(None if one is None else _within(one, least, most) for one in made)
    signals = sorted(
        (*_outside(points, limits), *_runs(points, limits), *_near(points, limits)),
        key=lambda one: (one.first, one.last),
    )
    apart = tuple(place for place in baseline if place not in usual)
    return Control(chosen, limits, (baseline[0], baseline[-1]), tuple(signals), apart)


def _limits(
    points: Sequence[Observed], baseline: Sequence[int], method: Method
) -> list[Limit | None] | None:
    return _xmr(points, baseline) if method is Method.XMR else _by_rows(points, baseline, method)


def _beyond(point: Observed, limit: Limit | None) -> bool:
    if limit is None or point.value is None:
        return False
    return not limit.low <= point.value <= limit.high


def _baseline(known: Sequence[int], upto: int | None) -> list[int]:
    before = [place for place in known if upto is not None and place < upto]
    if len(before) >= LEAST:
        return list(before[-PREFERRED:])
    if len(known) < LEAST:
        return []
    # Of a short history some must be left to be judged.
    return list(known[: PREFERRED if len(known) >= PREFERRED + 4 else LEAST])


def _unequal(points: Sequence[Observed], known: Sequence[int]) -> bool:
    # All that are judged: the limits of a large week are others, also where the usual ones are alike.
    bases = [points[place].base or 0.0 for place in known]
    return min(bases) > 0 and max(bases) >= UNEQUAL * min(bases)


def _xmr(points: Sequence[Observed], baseline: Sequence[int]) -> list[Limit | None]:
    values = [points[place].value or 0.0 for place in baseline]
    centre, moving = _mean(values), _moving(values)
    sigma = moving / TO_SIGMA
    one = Limit(centre, centre - WIDE * moving, centre + WIDE * moving, sigma)
    return [None if point.value is None else one for point in points]


def _by_rows(
    points: Sequence[Observed], baseline: Sequence[int], method: Method
) -> list[Limit | None] | None:
    """Limits that follow the rows of each point; None where these cannot be told."""
    hits = sum(points[place].hits or 0.0 for place in baseline)
    base = sum(points[place].base or 0.0 for place in baseline)
    factors = {round(f, 9) for place in baseline if (f := points[place].factor)}
    if not hits or not base or len(factors) != 1:
        return None
    [factor] = factors
    rate = hits / base
    spread = rate * (1 - rate) if method is Method.P else rate
    if spread <= 0:
        return None
    scores = [
        ((points[place].hits or 0.0) / (points[place].base or 1.0) - rate)
        / math.sqrt(spread / (points[place].base or 1.0))
        for place in baseline
    ]
    # Beyond what counting alone makes of it; never less.
    beyond = max(1.0, _moving(scores) / TO_SIGMA)
    found: list[Limit | None] = []
    for point in points:
        if point.value is None or not point.base:
            found.append(None)
            continue
        sigma = factor * beyond * math.sqrt(spread / point.base)
        centre = factor * rate
        found.append(Limit(centre, centre - 3 * sigma, centre + 3 * sigma, sigma))
    return found


def _within(one: Limit, least: float | None, most: float | None) -> Limit:
    low = one.low if least is None else max(one.low, least)
    high = one.high if most is None else min(one.high, most)
    return Limit(one.centre, low, high, one.sigma)


def _outside(points: Sequence[Observed], limits: Sequence[Limit | None]) -> list[Signal]:
    found = []
    for place, (point, limit) in enumerate(zip(points, limits, strict=True)):
        if limit is not None and point.value is not None and _beyond(point, limit):
            found.append(Signal(Rule.OUTSIDE, place, place, point.value > limit.high))
    return found


def _sides(
    points: Sequence[Observed], limits: Sequence[Limit | None], sigmas: float = 0.0
) -> list[tuple[int, int]]:
    """Place and side (1 above, -1 below, 0 neither) of every known point, so far from the centre."""
    found = []
    for place, (point, limit) in enumerate(zip(points, limits, strict=True)):
        if limit is None or point.value is None:
            continue
        away = point.value - limit.centre
        far = abs(away) > sigmas * limit.sigma
        found.append((place, (1 if away > 0 else -1) if far and away else 0))
    return found


def _runs(points: Sequence[Observed], limits: Sequence[Limit | None]) -> list[Signal]:
    found: list[Signal] = []
    current: list[int] = []
    side = 0
    for place, now in [*_sides(points, limits), (-1, 0)]:
        if now and now == side:
            current.append(place)
            continue
        if len(current) >= RUN:
            found.append(Signal(Rule.RUN, current[0], current[-1], side > 0))
        current, side = ([place], now) if now else ([], 0)
    return found


def _near(points: Sequence[Observed], limits: Sequence[Limit | None]) -> list[Signal]:
    """Two of three in a row beyond two standard deviations, on one side; overlapping ones as one."""
    far = _sides(points, limits, 2.0)
    found: list[Signal] = []
    for side in (1, -1):
        for at in range(len(far) - 1):
            window = [place for place, now in far[at : at + 3] if now == side]
            if len(window) < 2:
                continue
            if found and found[-1].up is (side > 0) and window[0] <= found[-1].last:
                found[-1] = Signal(
                    Rule.NEAR, found[-1].first, max(found[-1].last, window[-1]), side > 0
                )
            else:
                found.append(Signal(Rule.NEAR, window[0], window[-1], side > 0))
    return found


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _moving(values: Sequence[float]) -> float:
    """The mean moving range."""
    return _mean([abs(b - a) for a, b in pairwise(values)])
