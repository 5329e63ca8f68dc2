"""How far a file is, on standard error: each stage once, and a sign of life while it lasts."""

from __future__ import annotations

import threading
import time
from contextvars import copy_context
from types import TracebackType
from typing import TYPE_CHECKING

from kpi import formats
from kpi.i18n import _, ngettext
from kpi.text import N_

if TYPE_CHECKING:
    from kpi.store.endpoint import Emit

#: Seconds between two signs of life.
EVERY = 15.0
#: From this part of loading on the numbers are being prepared, percent.
_PREPARING = 90
_STAGES = {
    "read": N_("reading"),
    "rows": N_("reading"),
    "feed": N_("checking"),
    "load": N_("loading"),
    "prepare": N_("preparing numbers"),
}


class Telling:
    """Progress of one file: `with Telling(file, emit) as progress: load(…, progress=progress)`."""

    def __init__(self, file: str, emit: Emit, every: float = EVERY) -> None:
        self._file, self._emit, self._every = file, emit, every
        self._began = time.monotonic()
        self._stage, self._rows = "", 0
        self._said: set[str] = set()
        self._ended = threading.Event()
        # In our own context: it speaks the language of whoever asked.
        self._thread = threading.Thread(
            target=copy_context().run, args=(self._live,), name="load-progress", daemon=True
        )

    def __enter__(self) -> Telling:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join(1)

    def __call__(self, stage: str, done: int) -> None:
        """Take note of a stage; told once."""
        if stage == "load" and done >= _PREPARING:
            stage = "prepare"
        words = _STAGES.get(stage)
        if words is None:
            return
        self._stage, self._rows = words, done if stage == "rows" else 0
        if words not in self._said:
            self._said.add(words)
            self._emit.err(f"{self._file}: {_(words)} …\n")

    def _live(self) -> None:
        while not self._ended.wait(self._every):
            if not self._stage:
                continue
            said = f"{self._file}: {_(self._stage)} … {self._passed()}"
            if self._rows:
                count = ngettext("{n} row", "{n} rows", self._rows)
                said += ", " + count.format(n=formats.number(self._rows))
            self._emit.err(f"{said}\n")

    def _passed(self) -> str:
        seconds = int(time.monotonic() - self._began)
        minutes, rest = divmod(seconds, 60)
        return f"{minutes}:{rest:02d} min" if minutes else f"{rest} s"
