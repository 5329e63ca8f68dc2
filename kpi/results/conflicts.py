"""Improvement actions that pull at one thing in opposite directions at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

from kpi.filters import GRAINS
from kpi.model import Result
from kpi.periods import Period
from kpi.query.question import Key, Question
from kpi.results import notes
from kpi.results.keys import order
from kpi.results.notes import Value, result

Action = Mapping[str, Any]
RUNNING = "running"


def in_conflict(one: Action, other: Action) -> bool:
    """Whether two actions want opposite things of one KPI or one contact moment, at one time.

    Actions of two processes are about different things; one without a process is about all.
    """
    directions = {one["direction"], other["direction"]}
    if directions != {"up", "down"}:
        return False
    processes = {one["process"], other["process"]} - {None, ""}
    same = any(one[what] and one[what] == other[what] for what in ("kpi", "moment"))
    return same and len(processes) < 2 and _together(one, other) is not None


def _together(one: Action, other: Action) -> tuple[date, date] | None:
    """The days on which both run, both included; None when there are none."""
    first = max(one["starts_on"] or date.min, other["starts_on"] or date.min)
    last = min(one["stops_on"] or date.max, other["stops_on"] or date.max)
    return (first, last) if first <= last else None


def conflict_results(question: Question, actions: Iterable[Action]) -> list[Result]:
    """How many pairs of running actions are in conflict, per process and period asked.

    Args:
        question: what is asked.
        actions: those in force at the end of the period.
    """
    running = [action for action in actions if action["state"] == RUNNING]
    pairs = [
        (pair, days)
        for pair in combinations(running, 2)
        if in_conflict(*pair) and (days := _together(*pair)) and _kept(question, pair)
    ]
    values: dict[Key, Value] = {}
    spans = question.spans() if question.grain else [(None, question.period)]
    for name, span in spans:
        found = [pair for pair, both in pairs if _overlap(span, *both)]
        for key in {(), *((_process(pair),) for pair in found)}:
            if bool(key) is bool(question.dimensions):
                own = [pair for pair in found if not key or _process(pair) == key[0]]
                values[_full_key(question, key, name)] = _value(own)
    if not values:
        return notes.empty(question)
    # A few conflicts are a few conflicts: nothing is estimated that more of them would settle.
    made = [result(question, key, values[key]) for key in order(values)]
    few = ("too few (n = {n})", "indicative (n = {n})")
    return [
        replace(one, notes=tuple(note for note in one.notes if note.message not in few))
        for one in made
    ]


def _overlap(days: Period, first: date, last: date) -> bool:
    return first <= days.until and days.since <= last


def _process(pair: Sequence[Action]) -> str | None:
    """The process that a pair is about; None where neither names one."""
    return next((action["process"] for action in pair if action["process"]), None)


def _kept(question: Question, pair: Sequence[Action]) -> bool:
    process = _process(pair)
    seen = question.scope.processes
    if seen is not None and process not in seen:
        return False
    return all((process or "") in values for name, values in question.where if name == "process")


def _value(pairs: Sequence[Sequence[Action]]) -> Value:
    named = sorted(" / ".join(sorted(action["action"] for action in pair)) for pair in pairs)
    return Value(
        float(len(pairs)), len(pairs), numerator=len(pairs), extras={"actions": ", ".join(named)}
    )


def _full_key(question: Question, key: Key, bucket: str | None) -> Key:
    parts = iter(key)
    return tuple(bucket if name in GRAINS else next(parts) for name in question.by)
