"""What each contact moment gets, beside a value over several of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kpi.model import TOO_FEW, Kind, Note, Result
from kpi.query.question import Key, Question
from kpi.query.sums import DENOMINATOR, NUMERATOR
from kpi.results.keys import count, number
from kpi.text import N_

SEVERAL = Note(N_("several contact moments: each has a value of its own"))
Sums = Mapping[Key, Mapping[str, Any]]
#: Process and contact moment.
Place = tuple[str | None, str]


def with_moments(
    question: Question, results: Sequence[Result], sums: Sums, configured: Iterable[Place]
) -> list[Result]:
    """The results, each with its moments in the extras: `moments` and `moments_n`.

    `moments` has a value for each moment of a process ("fault/repair"), and None for a configured
    one without data.

    Args:
        question: what was asked.
        results: its answer.
        sums: the same told apart by process and moment, these last in the key.
        configured: the moments there are.
    """
    places = list(configured)
    return [_told(question, result, sums, places) for result in results]


def _told(question: Question, result: Result, sums: Sums, configured: Sequence[Place]) -> Result:
    own = tuple(result.by.values())
    known: dict[Place, tuple[float | None, int]] = {
        place: (None, 0) for place in configured if _asked(question, result, place[0])
    }
    for key, row in sorted(sums.items(), key=lambda one: tuple(part or "" for part in one[0])):
        if key[:-2] == own and key[-1] is not None:
            known[(key[-2], key[-1])] = _value(question, row)
    if result.extras == {} and question.scope.screen and result.too_few:
        return result
    told = {_name(place): value for place, (value, _) in known.items()}
    with_data = sum(value is not None for value in told.values())
    return replace(
        result,
        notes=(*result.notes, SEVERAL) if with_data > 1 else result.notes,
        extras={
            **result.extras,
            "moments": told,
            "moments_n": {_name(place): n for place, (_, n) in known.items()},
        },
    )


def _asked(question: Question, result: Result, process: str | None) -> bool:
    """Whether moments of the process are among what is asked."""
    if "process" in result.by and result.by["process"] != process:
        return False
    seen = question.scope.processes
    if seen is not None and process not in seen:
        return False
    return all((process or "") in values for name, values in question.where if name == "process")


def _name(place: Place) -> str:
    return f"{place[0] or ''}/{place[1]}"


def _value(question: Question, row: Mapping[str, Any]) -> tuple[float | None, int]:
    n = count(row[DENOMINATOR])
    if not n or (question.scope.screen and n < TOO_FEW):
        return None, n if not question.scope.screen else 0
    amount = number(row[NUMERATOR]) or 0.0
    return (100 if question.kpi.kind is Kind.SHARE else 1) * amount / n, n
