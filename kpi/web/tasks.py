"""What the running application looks at by itself. A listing here is all a new task needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpi.web.background import Task

if TYPE_CHECKING:
    from kpi.store import Store


def _alerts(store: Store) -> None:
    # Imported here: what sends is not needed to serve the first page.
    from kpi.alerts import looking

    looking.look(store, looking.now())


def _inbox(store: Store) -> None:
    from kpi.unattended import look_into_inbox

    look_into_inbox(store)


def _daily_sums(store: Store) -> None:
    from kpi.numbers import hold_sums, keep_daily_sums

    keep_daily_sums(store)
    hold_sums(store)


def _rows_held(store: Store) -> None:
    from kpi.numbers import hold

    hold(store)


TASKS: tuple[Task, ...] = (
    Task("alerts", 60, _alerts),
    Task("inbox", 2, _inbox),
    Task("daily sums", 5, _daily_sums),
    Task("rows held in memory", 5, _rows_held),
)
