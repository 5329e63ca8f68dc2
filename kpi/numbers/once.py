"""What is the same for every question until the data change: asked once, and kept beside the store."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from kpi.store import Store

T = TypeVar("T")
#: How much of one state is kept; what was not asked for longest goes first.
MOST = 300
_kept: WeakKeyDictionary[Store, tuple[str, OrderedDict[Any, Any]]] = WeakKeyDictionary()


def once(store: Store, key: tuple[Any, ...], fetch: Callable[[], T]) -> T:
    """What `fetch` gives, fetched once as long as the store holds what it holds.

    For small things that do not depend on what is filtered.
    """
    state = store.state
    of, kept = _kept.get(store, ("", OrderedDict()))
    if of != state:
        kept = OrderedDict()
        _kept[store] = (state, kept)
    value: T
    try:
        value = kept[key]
        kept.move_to_end(key)
    except KeyError:
        # Not there, or gone meanwhile: another thread may have let go of it.
        value = fetch()
        # What was fetched of what came meanwhile is true, but not of this state.
        if store.state == state:
            kept[key] = value
            while len(kept) > MOST:
                kept.popitem(last=False)
    return value
