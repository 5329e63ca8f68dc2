"""What is the same for every question until the data change: asked once, and kept beside the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from kpi.store import Store

T = TypeVar("T")
_kept: WeakKeyDictionary[Store, tuple[str, dict[Any, Any]]] = WeakKeyDictionary()


def once(store: Store, key: tuple[Any, ...], fetch: Callable[[], T]) -> T:
    """What `fetch` gives, fetched once as long as the store holds what it holds.

    For a few small things: nothing that a filter or a period is part of.
    """
    state = store.state
    of, kept = _kept.get(store, ("", {}))
    if of != state:
        kept = {}
        _kept[store] = (state, kept)
    if key not in kept:
        found = fetch()
        if store.state != state:
            # Fetched of what came meanwhile: true, but not of this state.
            return found
        kept[key] = found
    value: T = kept[key]
    return value
