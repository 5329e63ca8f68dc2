"""What is the same for every question until the data change: asked once, and kept beside the store."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from kpi.store import Store

T = TypeVar("T")
#: How much of one state is kept, of each sort; what was not asked for longest goes first.
MOST = 300
Kept = dict[str, OrderedDict[Any, Any]]
_kept: WeakKeyDictionary[Store, tuple[str, Kept]] = WeakKeyDictionary()


def once(store: Store, key: Any, fetch: Callable[[], T], sort: str = "") -> T:
    """What `fetch` gives, fetched once as long as the store holds what it holds.

    `key` must hold all that it depends on besides; each `sort` is kept apart from the others.
    """
    state = store.state
    kept = _of(store, state, sort)
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


def fetched(store: Store, key: Any, sort: str = "") -> bool:
    """Whether `once` has it."""
    return key in _of(store, store.state, sort)


def _of(store: Store, state: str, sort: str) -> OrderedDict[Any, Any]:
    of, sorts = _kept.get(store, ("", {}))
    if of != state:
        sorts = {}
        _kept[store] = (state, sorts)
    return sorts.setdefault(sort, OrderedDict())
