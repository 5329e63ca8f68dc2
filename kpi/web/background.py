"""What the running application does by itself: named tasks, each looked at again and again.

A task is only asked to look. What is due it decides from the state in the store, so that a task
that was missed is caught up once, and one that cron did meanwhile is not done again. Each has a
thread of its own: a mail server that hangs does not keep files waiting.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING

from kpi.i18n import use

if TYPE_CHECKING:
    from kpi.store import Store

#: Seconds that closing waits for a task that is at work.
PATIENCE = 10.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """Something to look at every so many seconds; `run` does what is due, and no more."""

    name: str
    every: float
    run: Callable[[Store], None]


@dataclass(frozen=True)
class Looked:
    """When a task was last looked at (naive UTC), and why that failed; empty when it did not."""

    at: datetime
    problem: str = ""


class Background:
    """Looks at its tasks for as long as it is open: `with Background(store, TASKS): …`."""

    def __init__(self, store: Store, tasks: Sequence[Task]) -> None:
        self._store = store
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(task,), name=task.name, daemon=True)
            for task in tasks
        ]

    def __enter__(self) -> Background:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def _work(self, task: Task) -> None:
        while not self._ended.is_set():
            look(self._store, task, self._ended.is_set)
            self._ended.wait(task.every)


_last: dict[str, Looked] = {}


def look(store: Store, task: Task, ended: Callable[[], bool] = lambda: False) -> None:
    """Look at a task once; what goes wrong is logged and kept, and the next look tries again."""
    problem = ""
    try:
        with use(store.settings.language):
            task.run(store)
    except Exception as reason:
        if ended():
            return  # the store was closed under it
        log.exception("the task %s ended unexpectedly", task.name)
        problem = str(reason) or type(reason).__name__
    _last[task.name] = Looked(datetime.now(UTC).replace(tzinfo=None), problem)


def last(name: str) -> Looked | None:
    """When the task of that name was last looked at in this process; None when it never was."""
    return _last.get(name)
