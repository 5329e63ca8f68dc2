"""The application's own look into the inbox, again and again."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from kpi.unattended.inbox import Seen, empty_inbox, inbox_of
from kpi.unattended.report import attention, results

if TYPE_CHECKING:
    from kpi.store import Store

log = logging.getLogger("ketenzicht.inbox")

#: What was seen in earlier looks, by inbox; and inboxes that could not be reached.
_seen: dict[str, dict[str, Seen]] = {}
_away: set[str] = set()


def look_into_inbox(store: Store) -> None:
    """Handle what lies still by now; one look of many, so that a file can be seen to lie still."""
    folder = inbox_of(store.settings)
    if folder is None:
        return
    name = str(folder)
    try:
        for handled in empty_inbox(store, folder, _seen.setdefault(name, {})):
            for line in (*results(handled.outcome), *attention(handled.outcome)):
                log.info("%s", line)
        _away.discard(name)
    except OSError as problem:
        # A share that is away comes back: said once, not every other second.
        if name not in _away:
            log.warning("the inbox %s cannot be used: %s", folder, problem)
        _away.add(name)
