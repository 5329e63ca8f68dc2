"""The store: the only part that opens a database, and its only writer.

    with open_store(load_settings()) as store:
        store.rows(select)

Names are imported when they are asked for: the process that reads a file needs `kpi.store.scratch`
and nothing of the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpi.store.configuration import Configuration
    from kpi.store.imports import Counts, FeedReport, ImportReport, UndoReport
    from kpi.store.opening import open_store
    from kpi.store.problems import Busy, ConfigurationProblem, StoreProblem, UndoBlocked
    from kpi.store.store import Store

_WHERE = {
    "Busy": "problems",
    "Configuration": "configuration",
    "ConfigurationProblem": "problems",
    "Counts": "imports",
    "FeedReport": "imports",
    "ImportReport": "imports",
    "Store": "store",
    "StoreProblem": "problems",
    "UndoBlocked": "problems",
    "UndoReport": "imports",
    "open_store": "opening",
}

__all__ = [
    "Busy",
    "Configuration",
    "ConfigurationProblem",
    "Counts",
    "FeedReport",
    "ImportReport",
    "Store",
    "StoreProblem",
    "UndoBlocked",
    "UndoReport",
    "open_store",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
