"""Of a number per group only what it is of what: for long series in which nothing else is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kpi.access import Scope
from kpi.filters import Filters
from kpi.model import TOO_FEW, Kind, Kpi
from kpi.numbers.answering import Asking, ask
from kpi.numbers.problem import check
from kpi.numbers.questions import question_of
from kpi.query.question import Key
from kpi.query.sums import DENOMINATOR, NUMERATOR
from kpi.results.keys import count
from kpi.results.notes import covered

if TYPE_CHECKING:
    from kpi.store import Store

#: Name of a KPI, group, and numerator and denominator.
Told = tuple[str, Key, tuple[float, float]]


def told_of(
    store: Store, kpis: Sequence[Kpi], filters: Filters, by: Sequence[str], scope: Scope
) -> Iterator[Told]:
    """Numerator and denominator of each group that has any, and whose period is told whole.

    As those of the results of `ask` are; some thousand weeks of processes take a quarter of the time.

    Raises:
        AskProblem: as `ask`.
    """
    plain = [kpi for kpi in kpis if _plain(kpi)]
    yield from _of_sums(store, plain, filters, tuple(by), scope)
    for one in ask(store, [kpi.name for kpi in kpis if kpi not in plain], filters, by, scope):
        if not one.partial and one.denominator:
            yield one.kpi, tuple(one.by.values()), (one.numerator or 0.0, one.denominator)


def _plain(kpi: Kpi) -> bool:
    """Whether its numerator and denominator are sums as they stand."""
    return kpi.kind is Kind.SHARE and not kpi.options.get("shares_within")


def _of_sums(
    store: Store, kpis: Sequence[Kpi], filters: Filters, by: tuple[str, ...], scope: Scope
) -> Iterator[Told]:
    questions = []
    for kpi in kpis:
        check(kpi, by, filters.where)
        question = question_of(store, kpi, filters, by, scope)
        if question is not None:
            questions.append(question)
    for question, sums in Asking(store).sums(questions).items():
        for key, row in sums.items():
            n = count(row[DENOMINATOR])
            # Of too few a screen tells nothing, nor anything made of them.
            if n and not (scope.screen and n < TOO_FEW) and not covered(question, key)[1]:
                yield question.kpi.name, key, (float(count(row[NUMERATOR])), float(n))
