"""Opening the store and no more: what is wrong with it is told by whoever opens it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Emit


def ready(_store: Store, _arguments: Mapping[str, Any], _emit: Emit) -> int:
    """Nothing: the store is open."""
    return 0
