"""What is said where nothing is loaded of what a number counts: no rows there is not none at all.

Contacts per case of a store with cases alone is 0, and everything is solved in the first line where
no hand-over can be seen. Those are answers to another question, so they say what they did not see.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from kpi.model import Kpi, Note, Result
from kpi.text import N_

if TYPE_CHECKING:
    from kpi.store import Store

#: Per table that a KPI may name in its option `counts_rows_of`.
_SAYS = {
    "contacts": Note(N_("no contacts are loaded")),
    "chain_events": Note(N_("no events of cases are loaded")),
}


def with_missing(store: Store, kpi: Kpi, results: Iterable[Result]) -> list[Result]:
    """The results of a KPI, with a note where the table that it counts rows of holds none."""
    of: str | None = kpi.options.get("counts_rows_of")
    if of is None or store.as_of((of,)) is not None:
        return list(results)
    return [
        replace(one, notes=(*one.notes, _SAYS[of])) if one.n and not _known(one) else one
        for one in results
    ]


def _known(result: Result) -> bool:
    """Whether the source itself says it of every row."""
    return result.extras.get("line_known") == 100
