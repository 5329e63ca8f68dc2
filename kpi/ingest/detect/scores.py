"""Answers on another scale than they are read on: zero for "not asked", and scales that change."""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from kpi.findings import Evidence, Finding, Severity, Word
from kpi.ingest.detect.scene import FEW, TIMES, Scene
from kpi.store.scratch import identifier
from kpi.text import N_

#: Lowest and highest answer per question.
SCALES: Mapping[str, tuple[float, float]] = {
    "grade10": (1, 10), "csat5": (1, 5), "nps": (0, 10), "ces7": (1, 7),
}  # fmt: skip
#: Tops that scales have.
_TOPS = (5, 7, 10)
#: Answers on either side of a change.
_ENOUGH = 30

ZERO = N_(
    "{column}: {n} of {all} answers are 0, and this question is answered from {low} to {high}."
    " Zero may mean that it was not asked."
)
ZERO_ADVICE = N_('Leave them out in the profile: score = {{ from = "{column}", missing = ["0"] }}.')
BEYOND = N_("{column}: {n} of {all} answers lie outside the scale from {low} to {high}.")
BEYOND_ADVICE = N_("See whether it is another question, or another scale, than the profile says.")
CHANGES = N_(
    "{column}: the scale seems to change on {day}: before it {before}% of the answers lie above"
    " {top}, from then on {after}%."
)
CHANGES_ADVICE = N_(
    "Load the two periods as two files, each with its own question, or bring them to one scale in"
    " the extract. A trend over that day means nothing."
)
NARROW = N_("{column}: none of {all} answers is above {top}, and the scale goes up to {high}.")
QUESTION, MONTH = Word(N_("Question")), Word(N_("Month"))
LOWEST, HIGHEST, MEAN, ZEROS = (
    Word(N_("Lowest")), Word(N_("Highest")), Word(N_("Mean")), Word(N_("Zeros"))
)  # fmt: skip


@dataclass(frozen=True)
class Day:
    """The answers of one day: how many, how many above each of `_TOPS`, zeros, bounds and sum."""

    day: date
    answers: int
    above: tuple[int, ...]
    zeros: int
    low: float
    high: float
    total: float


def finds(scene: Scene, _told: Mapping[str, Any]) -> Iterator[Finding]:
    """What is odd in the answers to each question."""
    if scene.table.name not in {"surveys", "quality_reviews"} or "score" not in scene.by_name:
        return
    for metric, days in _answers(scene).items():
        yield from _of_question(scene, metric, days)


def _of_question(scene: Scene, metric: str, days: Sequence[Day]) -> Iterator[Finding]:
    answers, zeros = sum(day.answers for day in days), sum(day.zeros for day in days)
    scale = SCALES.get(metric)
    said: dict[str, Any] = {"column": "score", "all": answers}
    if scale:
        said |= {"low": int(scale[0]), "high": int(scale[1])}
    if scale and scale[0] > 0 and zeros >= max(3, answers / 200):
        yield scene.finding(
            "zero_not_asked", ZERO, ZERO_ADVICE, severity=Severity.WRONG, rows=zeros, n=zeros,
            evidence=_by_month(days), **said,
        )  # fmt: skip
    if change := changes(days):
        yield scene.finding(
            "scale_changes", CHANGES, CHANGES_ADVICE, column="score", severity=Severity.WRONG,
            day=change.day, before=change.before, after=change.after, top=change.top,
            evidence=_by_month(days),
        )  # fmt: skip
        return
    if not scale:
        return
    most = max((day.high for day in days), default=0)
    outside = sum(day.above[_TOPS.index(int(scale[1]))] for day in days)
    if outside or min((day.low for day in days), default=0) < 0:
        yield scene.finding(
            "beyond_scale", BEYOND, BEYOND_ADVICE, severity=Severity.WRONG, rows=outside, n=outside,
            evidence=_by_month(days), **said,
        )  # fmt: skip
    elif answers >= 2 * FEW and most <= scale[1] / 2:
        yield scene.finding(
            "beyond_scale", NARROW, BEYOND_ADVICE, top=most, evidence=_by_month(days), **said
        )


def _answers(scene: Scene) -> dict[str, list[Day]]:
    """Per question the answers per day."""
    times = scene.fact_times
    day = f"CAST({scene.local(times[0])} AS DATE)" if times else "NULL::DATE"
    metric = identifier("metric") if scene.table.name == "surveys" else "''"
    above = ", ".join(f"count(*) FILTER (WHERE score > {top})" for top in _TOPS)
    found: dict[str, list[Day]] = {}
    for question, on, answers, zeros, low, high, total, *tops in scene.fetch(
        f"SELECT {metric}, {day}, count(score), count(*) FILTER (WHERE score = 0), min(score),"
        f" max(score), sum(score), {above} FROM {scene.good} AND score IS NOT NULL"
        " GROUP BY 1, 2 ORDER BY 1, 2"
    ):
        kept = Day(on or date.min, answers, tuple(tops), zeros, low, high, total)
        found.setdefault(question, []).append(kept)
    return found


@dataclass(frozen=True)
class Change:
    """From `day` on the share above `top` is `after` percent; until then it was `before`."""

    day: date
    top: int
    before: int
    after: int


def changes(days: Sequence[Day]) -> Change | None:
    """The day from which answers are given on another scale; None: they are not."""
    dated = [day for day in days if day.day != date.min]
    best: tuple[float, Change] | None = None
    answers = sum(day.answers for day in dated)
    for at, top in enumerate(_TOPS):
        above = sum(day.above[at] for day in dated)
        seen = seen_above = 0
        for day, following in pairwise(dated):
            seen += day.answers
            seen_above += day.above[at]
            if min(seen, answers - seen) < _ENOUGH:
                continue
            before, after = seen_above / seen, (above - seen_above) / (answers - seen)
            # One side never goes above it, the other does so as a rule.
            if min(before, after) <= 0.005 and max(before, after) > 0.5:
                change = Change(following.day, top, round(100 * before), round(100 * after))
                if best is None or abs(after - before) > best[0]:
                    best = abs(after - before), change
    return best[1] if best else None


def _by_month(days: Sequence[Day]) -> Evidence:
    months: dict[str, list[Day]] = {}
    for day in days:
        name = "" if day.day == date.min else f"{day.day:%Y-%m}"
        months.setdefault(name, []).append(day)
    rows = []
    for month, kept in months.items():
        answers = sum(day.answers for day in kept)
        rows.append((
            month or None, answers, sum(day.zeros for day in kept), min(day.low for day in kept),
            max(day.high for day in kept), sum(day.total for day in kept) / answers,
        ))  # fmt: skip
    return Evidence((MONTH, TIMES, ZEROS, LOWEST, HIGHEST, MEAN), tuple(rows[:24]))
