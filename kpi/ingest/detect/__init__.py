"""A detective for silent errors: what loads without complaint and is probably not right.

    of_aside(connection, …)          what the rows that were set aside tell of the file
    of_file(raw)                     what is odd about the file as a whole
    look_at(stage, inferred, now)    what is odd in the rows of one feed

Each detector is a module with one idea. It first says what it wants to know of every row (`asks`:
SQL aggregates, all of them answered in one pass), then what it makes of the answers (`finds`); only
where there is something to show does it ask for more. Clean files cost that one pass.
"""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kpi.findings import Evidence, Finding, Severity, serious_first
from kpi.ingest.detect import (
    clocks,
    dates,
    ids,
    keys,
    numbers,
    order,
    pairs,
    sameness,
    scores,
    texts,
    years,
)
from kpi.ingest.detect.files import of_aside, of_file
from kpi.ingest.detect.scene import Scene
from kpi.store.scratch import ScratchProblem
from kpi.text import N_

if TYPE_CHECKING:
    from kpi.ingest.feed import FeedStage
    from kpi.ingest.infer import Inferred

__all__ = ["Evidence", "Finding", "Severity", "look_at", "of_aside", "of_file"]

Told = Mapping[str, Any]


def _nothing(_scene: Scene) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Detector:
    """One idea of what may be wrong.

    Attributes:
        finds: what it makes of a scene and of the answers to what it asked.
        asks: SQL aggregates over the rows that are loaded, by a name of its own.
    """

    finds: Callable[[Scene, Told], Iterable[Finding]]
    asks: Callable[[Scene], Mapping[str, str]] = _nothing


DETECTORS: tuple[Detector, ...] = (
    Detector(order.finds),
    Detector(years.finds),
    Detector(pairs.finds, pairs.asks),
    Detector(scores.finds),
    Detector(ids.finds, ids.asks),
    Detector(keys.finds),
    Detector(clocks.finds),
    Detector(dates.finds, dates.asks),
    Detector(numbers.finds),
    Detector(texts.finds, texts.asks),
    Detector(sameness.finds, sameness.asks),
)


def look_at(stage: FeedStage, inferred: Inferred, now: datetime) -> tuple[Finding, ...]:
    """What is odd in the rows of a feed that were typed; their days are noted in its result.

    Args:
        stage: the feed, after `type_rows`.
        inferred: how its columns were read.
        now: naive UTC.
    """
    try:
        return _found(Scene(stage, inferred, now))
    except (ScratchProblem, ArithmeticError, ValueError):
        # A detective who stumbles must not stop a load.
        return (Finding("not_looked", NOT_LOOKED, severity=Severity.NOTE, table=stage.table.name),)


NOT_LOOKED = N_("The search for silent errors stumbled over this file; it was read all the same.")


def _found(scene: Scene) -> tuple[Finding, ...]:
    found: list[Finding] = list(dates.unread(scene))
    if scene.rows <= 0:
        return serious_first(found)
    asked = [detector.asks(scene) for detector in DETECTORS]
    wanted = [sql for one in asked for sql in one.values()]
    answers = iter(scene.row(f"SELECT {', '.join(wanted)} FROM {scene.good}") if wanted else ())
    for detector, one in zip(DETECTORS, asked, strict=True):
        told = {name: next(answers) for name in one}
        found += detector.finds(scene, told)
    if scene.fact_times:
        days = scene.days(scene.fact_times[0])
        scene.stage.result.days = {day.isoformat(): count for day, count in days.items()}
    return serious_first(found)
