"""What the running application looks at by itself. A listing here is all a new task needs."""

from __future__ import annotations

from kpi.web.background import Task

TASKS: tuple[Task, ...] = ()
