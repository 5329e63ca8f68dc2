"""`ketenzicht inbox`: load what lies in the inbox, once; for a timer, where no application runs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kpi.commands.output import as_json
from kpi.commands.progress import Telling
from kpi.i18n import _
from kpi.unattended import Handled, empty_inbox, inbox_of
from kpi.unattended.inbox import Seen, waiting
from kpi.unattended.report import attention, results

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Emit

_DONE, _IN_PART, _NOTHING = 0, 1, 2
#: How often a wait looks whether whoever asked is still there, seconds.
_LOOK = 0.2


def inbox(store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
    """Handle every file that lies still; exit code 0 all whole, 1 in part, 2 nothing loaded."""
    folder = inbox_of(store.settings)
    if folder is None:
        emit.err(_("The setting inbox is off: no folder is watched.") + "\n")
        return _NOTHING
    seen: dict[str, Seen] = {}
    handled = list(empty_inbox(store, folder, seen))
    # Nothing is known of a file at first: it is taken when it did not change for a while.
    until = time.monotonic() + waiting(seen)
    while time.monotonic() < until and not emit.cancelled:
        time.sleep(_LOOK)
    for one in empty_inbox(
        store,
        folder,
        seen,
        progress=lambda file: Telling(file, emit),
        cancel=lambda: emit.cancelled,
    ):
        handled.append(one)
        _tell(one, emit, in_words=not arguments.get("json"))
    if arguments.get("json"):
        emit.out(as_json([one.outcome.as_json() for one in handled]))
    elif not handled:
        emit.err(_("Nothing lies still in {folder}.").format(folder=folder) + "\n")
    codes = {one.outcome.exit_code for one in handled}
    if not codes or codes == {_DONE}:
        return _DONE
    return _NOTHING if codes == {_NOTHING} else _IN_PART


def _tell(one: Handled, emit: Emit, *, in_words: bool) -> None:
    for line in attention(one.outcome):
        emit.err(f"{line}\n")
    if not in_words:
        return
    emit.out("".join(f"{line}\n" for line in results(one.outcome)))
    if one.moved_to is not None:
        emit.out("  " + _("moved to {path}").format(path=one.moved_to) + "\n")
