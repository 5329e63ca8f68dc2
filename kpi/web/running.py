"""The store that this process holds open, for pages and routes alike.

One process owns the store (docs/decisions.md), so one place in the process knows it. `app.py`
attaches it when it starts and takes it away when it stops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpi.i18n import _
from kpi.text import N_

if TYPE_CHECKING:
    from kpi.store import Store

_NOT_STARTED = N_("Ketenzicht is starting, or was not started with `ketenzicht serve`.")


class NotReady(Exception):
    """There is no store to ask; `str()` says why in one sentence."""


class _Running:
    store: Store | None = None
    reason: str = ""


_now = _Running()


def attach(store: Store | None, reason: str = "") -> None:
    """From now on `store` is the one; None, with the sentence why, when there is none."""
    _now.store, _now.reason = store, reason


def now() -> Store | None:
    """The open store; None when there is none."""
    return _now.store


def store() -> Store:
    """The open store.

    Raises:
        NotReady: before it is open and after it was closed.
    """
    if _now.store is None:
        raise NotReady(_now.reason or _(_NOT_STARTED))
    return _now.store
