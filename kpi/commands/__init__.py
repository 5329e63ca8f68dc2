"""What `ketenzicht` can do to a store, one module a command; loaded when first asked for.

A command is called with the open store, plain arguments (they may have travelled as JSON from
another process) and an `Emit`; it gives its exit code: 0 done, 1 done in part, 2 nothing done.
The application answers these for other processes while it holds the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Command, Emit

#: Every command, and the function that does it. A listing here is all a new command needs.
_WHERE = {
    "demo": "kpi.commands.demo:fill",
    "load": "kpi.commands.load:load",
    "undo": "kpi.commands.undo:undo",
    "imports": "kpi.commands.imports:imports",
    "show": "kpi.commands.show:show",
    "rows": "kpi.commands.rows:behind",
    "top": "kpi.commands.top:top",
    "funnel": "kpi.commands.funnel:funnel",
    "alert": "kpi.commands.alert:alert",
    "digest": "kpi.commands.digest:digest",
    "doctor": "kpi.commands.doctor:doctor",
    "inbox": "kpi.commands.inbox:inbox",
    "quality": "kpi.commands.quality:show",
    "token": "kpi.commands.token:token",
    "ready": "kpi.commands.ready:ready",
}


def _later(where: str) -> Command:
    module, function = where.split(":")

    def command(store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
        found: Command = getattr(import_module(module), function)
        return found(store, arguments, emit)

    return command


#: Every command by name.
COMMANDS: dict[str, Command] = {name: _later(where) for name, where in _WHERE.items()}
