"""Where an alert stands, from what was seen day by day: ok, pending, firing, recovered, ok.

Pure: the same days give the same standing, and a day that is looked at again changes nothing
unless something else was seen. What cannot be judged (no data, too few) moves nothing: a firing
alert goes on firing, a quiet one stays quiet, and neither flips back and forth.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Phase(StrEnum):
    """Value is also what the store keeps."""

    OK = "ok"
    PENDING = "pending"
    FIRING = "firing"
    RECOVERED = "recovered"


@dataclass(frozen=True)
class Seen:
    """What was seen on a day.

    Attributes:
        breach: whether the condition held; None where it could not be judged.
        clear: whether it was well beyond the limit again, outside the recovery band.
        value, low, high, n: the number it rests on.
        bound: what it was held against (a limit, or what is usual).
        note: in a word or two what it was about (the feeds that are late).
    """

    day: date
    breach: bool | None
    clear: bool = False
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    bound: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Standing:
    """Where it stands: `since` is the first day of the breach, also once it has recovered."""

    phase: Phase = Phase.OK
    since: date | None = None
    day: date | None = None
    known: bool = True
    seen: Seen | None = None


@dataclass(frozen=True)
class News:
    """The alert began to fire, or recovered; `since` names the breach that it is about."""

    recovered: bool
    since: date
    seen: Seen


def step(standing: Standing, seen: Seen, pending_days: int = 1) -> tuple[Standing, News | None]:
    """The standing after one more day, and whether that is news; an earlier day changes nothing."""
    if standing.day is not None and seen.day < standing.day:
        return standing, None
    now = replace(standing, day=seen.day, known=seen.breach is not None, seen=seen)
    if seen.breach is None:
        return now, None
    if seen.breach:
        return _held(standing, now, seen, pending_days)
    if standing.phase is Phase.FIRING:
        if not seen.clear:
            return now, None
        assert standing.since is not None
        return replace(now, phase=Phase.RECOVERED), News(True, standing.since, seen)
    if standing.phase is Phase.RECOVERED and standing.day == seen.day:
        return now, None
    return replace(now, phase=Phase.OK, since=None), None


def _held(
    before: Standing, now: Standing, seen: Seen, pending_days: int
) -> tuple[Standing, News | None]:
    if before.phase is Phase.FIRING:
        return now, None
    since = before.since if before.phase is Phase.PENDING else None
    since = since or seen.day
    if (seen.day - since).days + 1 < pending_days:
        return replace(now, phase=Phase.PENDING, since=since), None
    return replace(now, phase=Phase.FIRING, since=since), News(False, since, seen)


def run(
    standing: Standing, days: Iterable[Seen], pending_days: int = 1
) -> tuple[Standing, list[News]]:
    """The standing after all `days` (the earliest first), and the news on the way."""
    told = []
    for seen in days:
        standing, news = step(standing, seen, pending_days)
        if news is not None:
            told.append(news)
    return standing, told


def judged(
    seen: Seen, bound: float, *, up: bool, band: float = 0.0, least_n: int = 10
) -> Seen:  # fmt: skip
    """`seen` held against a limit that it should stay above (`up`) or below.

    It is a breach only where its 95 % interval, if it has one, leaves no doubt; clear where it is
    `band` beyond the limit on the good side. Too few rows cannot be judged.
    """
    held = replace(seen, bound=bound, breach=None, clear=False)
    if seen.value is None or seen.n < max(least_n, 1):
        return held
    missed = bound - seen.value if up else seen.value - bound
    closest = seen.high if up else seen.low
    doubt = closest is not None and (closest >= bound if up else closest <= bound)
    return replace(held, breach=missed > 0 and not doubt, clear=missed <= -band)
