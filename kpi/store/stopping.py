"""Stopping what the writer does, in the middle of a statement: a merge of millions is one of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import copy_context

import sqlalchemy as sa

from kpi.store.engines import Engine
from kpi.store.problems import Stopped

#: Seconds between two questions whether to stop.
_EVERY = 0.1


@contextmanager
def stoppable(
    engine: Engine, connection: sa.Connection, cancel: Callable[[], bool] | None
) -> Generator[None]:
    """Work that ends with `Stopped` soon after `cancel` says so; the caller rolls it back.

    `cancel` is asked from a thread of its own. Once the work is over nothing is interrupted any
    more, so what the caller does next (commit or roll back) runs undisturbed.

    Raises:
        Stopped: also where the work had just ended by itself.
    """
    if cancel is None:
        yield
        return
    over, asked = threading.Event(), threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY):
            if asked.is_set() or cancel():
                asked.set()
                # Between two statements it does nothing: then the next one hears it.
                engine.interrupt(connection)

    watcher = threading.Thread(target=copy_context().run, args=(watch,), daemon=True)
    watcher.start()
    try:
        yield
    except Exception as problem:
        if asked.is_set():
            raise Stopped from problem
        raise
    finally:
        over.set()
        watcher.join()
    if asked.is_set():
        raise Stopped
