"""What cannot be asked, said in a sentence that names what can."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kpi.filters import BY, GRAINS, Where
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.model import Kind, Kpi
from kpi.suggest import suggest


class AskProblem(Exception):
    """A question that has no answer; its text is a sentence for the user."""


def find(name: str) -> Kpi:
    """The KPI of that name.

    Raises:
        AskProblem: there is none; the sentence names the nearest.
    """
    if name in KPIS:
        return KPIS[name]
    nearest = suggest(name, KPIS)
    if nearest:
        raise AskProblem(
            _("There is no KPI {name}. Did you mean {nearest}?").format(name=name, nearest=nearest)
        )
    raise AskProblem(
        _("There is no KPI {name}. There is {names}.").format(name=name, names=", ".join(KPIS))
    )


def dimensions(kpi: Kpi) -> tuple[str, ...]:
    """Everything a KPI can be told apart by: the time grains and its own dimensions."""
    return kpi.dimensions if kpi.kind is Kind.FUNNEL else (*GRAINS, *kpi.dimensions)


def applies(kpi: Kpi, by: Iterable[str], where: Where = ()) -> bool:
    """Whether a KPI can be told apart and kept so."""
    return {*by, *(name for name, _values in where)} <= set(dimensions(kpi))


def check(kpi: Kpi, by: Sequence[str], where: Where) -> None:
    """See that a question makes sense.

    Raises:
        AskProblem: a name is not known, does not apply to this KPI, or comes twice.
    """
    for name in by:
        check_dimension(name)
    if kpi.kind is Kind.FUNNEL:
        raise AskProblem(
            _("A funnel has steps: ask it with “ketenzicht funnel NAME”, not with “show”.")
        )
    for name in (*by, *(name for name, _values in where)):
        if name not in dimensions(kpi):
            raise AskProblem(
                _("{kpi} cannot be split by {dimension}; it can by {dimensions}.").format(
                    kpi=kpi.name, dimension=name, dimensions=", ".join(dimensions(kpi))
                )
            )
    if len(set(by)) < len(by):
        raise AskProblem(_("A dimension can be asked once: {names}.").format(names=", ".join(by)))
    if len([name for name in by if name in GRAINS]) > 1:
        raise AskProblem(
            _("Choose one of {grains} to tell periods apart.").format(grains=", ".join(GRAINS))
        )


def check_dimension(name: str) -> None:
    """See that a dimension exists.

    Raises:
        AskProblem: it does not; the sentence names the nearest.
    """
    if name in BY:
        return
    nearest = suggest(name, BY)
    if nearest:
        raise AskProblem(
            _("There is no dimension {name}. Did you mean {nearest}?").format(
                name=name, nearest=nearest
            )
        )
    raise AskProblem(
        _("There is no dimension {name}. There is {names}.").format(name=name, names=", ".join(BY))
    )
