"""What one run sends the browser goes in few parts: each up to a figure, or numbers, worth seeing.

Streamlit sends every heading and every place by itself, and the browser builds the page anew for what has
come by then: on a page that stands already twice or three times before the first number is seen, a
twentieth of a second each. The address goes at once: what the run takes for said must have been said, also where
it is cut off for the next.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

Send = Callable[[Any], None]
#: Where a run's context has what sends; Streamlit has no word for it of its own.
_INSIDE = "_enqueue"
#: How long numbers may wait for the figure that is still being counted, in seconds: about what the browser
#: takes to build the page for them alone.
_PATIENCE = 0.06
#: Of the run in this thread what waits.
_run = threading.local()


class _Waiting:
    """Messages of a run that are still to go, and how they go."""

    def __init__(self, context: Any, send: Send) -> None:
        self._context, self._send = context, send
        self._messages: list[Any] = []
        self.nowhere = False
        self.began = time.monotonic()
        setattr(context, _INSIDE, self._take)

    def _take(self, message: Any) -> None:
        of = message if isinstance(message, ForwardMsg) else ForwardMsg()
        if of.HasField("page_info_changed"):
            self._send(message)
        elif of.HasField("page_not_found"):
            # Streamlit's own window tells it in English only, and stands before the page.
            self.nowhere = True
        else:
            self._messages.append(message)

    def go(self) -> None:
        going = list(self._messages)
        # Cleared first: sending is where Streamlit cuts a run off for the next, and these are of this one.
        self._messages.clear()
        for message in going:
            self._send(message)

    def end(self) -> None:
        setattr(self._context, _INSIDE, self._send)
        self.go()


def begin() -> None:
    """From now on messages wait, until `go` or `end`."""
    end()
    context = get_script_run_ctx()
    # Where the inside is another one day, messages go one by one as before.
    send: Send | None = getattr(context, _INSIDE, None)
    if send is not None:
        _run.waiting = _Waiting(context, send)


def go() -> None:
    """Something worth seeing is there: let what waits go."""
    waiting: _Waiting | None = getattr(_run, "waiting", None)
    if waiting is not None:
        waiting.go()


def go_if_late() -> None:
    """What is there says enough by itself: let it go where counting it took long, for so may the rest."""
    waiting: _Waiting | None = getattr(_run, "waiting", None)
    if waiting is not None and time.monotonic() - waiting.began > _PATIENCE:
        waiting.go()


def nowhere() -> bool:
    """Whether the address names no page, so that another one is shown: to be told by us."""
    waiting: _Waiting | None = getattr(_run, "waiting", None)
    return waiting is not None and waiting.nowhere


def end() -> None:
    """Let what waits go, and whatever comes after it at once."""
    waiting: _Waiting | None = getattr(_run, "waiting", None)
    _run.waiting = None
    if waiting is not None:
        waiting.end()
