"""Work that takes a while, beside the script: seen, stopped, and never done twice.

A click that comes while it runs finds it running. What it gives is kept until it is taken, so
another run of the script, or another page in between, loses nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from kpi import escape, formats
from kpi.i18n import _
from kpi.ingest import Cancelled
from pages.shared.speech import callback, speak

#: Seconds between two looks at how far it is.
_EVERY = 0.6
_KEY = "_work"

#: What work is given: whom to tell how far it is, and whom to ask whether to stop.
Told = Callable[[str, int], None]
Stop = Callable[[], bool]


@dataclass
class Work:
    """One piece of work.

    `about` tells what it is for; `rows` and `size` (bytes) how much there is, 0 for unknown.
    """

    kind: str
    about: str
    what: str
    rows: int = 0
    size: int = 0
    told: tuple[str, int] = ("", 0)
    ended: bool = False
    result: Any = None
    problem: BaseException | None = None
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def stopped(self) -> bool:
        """Whether somebody stopped it, and it left nothing."""
        return isinstance(self.problem, Cancelled)


def start(
    kind: str,
    about: str,
    what: str,
    work: Callable[[Told, Stop], Any],
    rows: int = 0,
    size: int = 0,
) -> Work:
    """Begin; what is going on already for the same thing goes on, other looking is stopped.

    Args:
        kind: "look", "check" or "load".
        about: of what: the same kind about the same thing is the same work.
        what: a sentence for whoever waits.
        work: what to do.
        rows, size: how many rows and bytes there are to go through; 0 when nobody knows.
    """
    now = current()
    if now is not None and not now.ended:
        if (now.kind, now.about) == (kind, about) or now.kind == "load":
            return now
        now.stopping.set()
    made = Work(kind, about, what, rows, size)

    def tell(stage: str, done: int) -> None:
        made.told = (stage, done)

    def run() -> None:
        try:
            made.result = work(tell, made.stopping.is_set)
        except BaseException as problem:
            made.problem = problem
        made.ended = True

    st.session_state[_KEY] = made
    # A thread that ends with the process: nothing waits for it when the server stops.
    threading.Thread(target=copy_context().run, args=(run,), daemon=True).start()
    return made


def current() -> Work | None:
    """What is going on, or has ended and was not taken yet."""
    found: Work | None = st.session_state.get(_KEY)
    return found


def take(kind: str) -> Work | None:
    """The work of this kind that has ended; it is gone then. What nobody foresaw is raised here."""
    now = current()
    if now is None or now.kind != kind or not now.ended:
        return None
    del st.session_state[_KEY]
    if now.problem is not None and not now.stopped:
        raise now.problem
    return now


def running(kind: str) -> bool:
    """Whether work of this kind goes on."""
    now = current()
    return now is not None and now.kind == kind and not now.ended


def about(kind: str, token: str) -> bool:
    """Whether work of this kind about this file goes on, or waits to be taken."""
    now = current()
    return now is not None and now.kind == kind and now.about.startswith(f"{token} ")


def forget() -> None:
    """Stop whatever looks at a file; a load goes on."""
    now = current()
    if now is not None and now.kind != "load":
        now.stopping.set()
        del st.session_state[_KEY]


@st.fragment(run_every=_EVERY)
def show() -> None:
    """How far it is, with a way to stop it; when it ends, the page runs again."""
    # A fragment runs by itself: say first in which language.
    speak()
    now = current()
    if now is None:
        return
    if now.ended:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", key="working"):
        st.progress(_share(now), text=escape.markdown(_said(now)))
        if _can_stop(now):
            st.button(_("Stop"), on_click=_stop, key="stop-work", disabled=now.stopping.is_set())


@callback
def _stop() -> None:
    now = current()
    if now is not None:
        now.stopping.set()


def _can_stop(now: Work) -> bool:
    # Once the numbers are being prepared it is nearly done, and goes through to the end.
    stage, done = now.told
    return not (stage == "load" and done >= _PREPARING)


_PREPARING = 90


def _share(now: Work) -> float:
    stage, done = now.told
    if stage == "read" and now.size:
        return 0.05 + 0.15 * min(1.0, done / now.size)
    if stage == "rows" and now.rows:
        return 0.2 + 0.35 * min(1.0, done / now.rows)
    if stage == "load":
        return 0.7 + 0.25 * done / 100
    return {"read": 0.1, "rows": 0.35, "feed": 0.6, "numbers": 0.96}.get(stage, 0.05)


def _said(now: Work) -> str:
    if now.stopping.is_set():
        return _("{what} stopping …").format(what=now.what)
    stage, done = now.told
    if stage == "rows" and done:
        if now.rows:
            return _("{what} {n} of {rows} rows read").format(
                what=now.what, n=formats.number(done), rows=formats.number(now.rows)
            )
        return _("{what} {n} rows read").format(what=now.what, n=formats.number(done))
    if stage == "load" and done >= _PREPARING:
        return _("{what} calculating the numbers …").format(what=now.what)
    steps = {
        "read": _("reading"), "feed": _("checking"), "load": _("storing"),
        "numbers": _("comparing the numbers"),
    }  # fmt: skip
    return f"{now.what} {steps[stage]} …" if stage in steps else now.what
