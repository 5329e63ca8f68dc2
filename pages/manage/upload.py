"""A file that a visitor gave: kept in the staging folder while it is looked at, and no longer."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any, TypeVar

import streamlit as st

from kpi import formats
from kpi.i18n import _
from pages.shared import data

T = TypeVar("T")
KINDS = ("csv", "tsv", "txt", "xlsx", "parquet")
#: Seconds between two looks at how far a file is.
_LOOK = 0.15
_KEY = "_upload"


@dataclass(frozen=True)
class Upload:
    """`token` tells two uploads apart, also of one file."""

    token: str
    path: Path
    name: str
    size: int


def kept() -> Upload | None:
    """The file that is being looked at; None when there is none (any more)."""
    upload: Upload | None = st.session_state.get(_KEY)
    return upload if upload is not None and upload.path.is_file() else None


def receive(given: Any) -> Upload:
    """Keep what the uploader holds; another file replaces the one before."""
    token = str(given.file_id)
    upload = kept()
    if upload is not None and upload.token == token:
        return upload
    drop()
    folder = Path(tempfile.mkdtemp(prefix="upload-", dir=data.store().staging))
    path = folder / safe_name(given.name)
    path.write_bytes(given.getbuffer())
    upload = Upload(token, path, path.name, given.size)
    st.session_state[_KEY] = upload
    return upload


def drop() -> None:
    """Let go of the file and of what was made of it."""
    upload: Upload | None = st.session_state.pop(_KEY, None)
    if upload is not None:
        shutil.rmtree(upload.path.parent, ignore_errors=True)


def safe_name(name: str) -> str:
    """A file name that is only a name: no folders, nothing a file system reads otherwise."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w .()+-]", "_", last).strip(". ")
    return plain[-120:] or "file"


def watched(what: str, work: Callable[[Callable[[str, int], None], Callable[[], bool]], T]) -> T:
    """Do `work` beside this script and show how far it is; leaving the page stops it.

    `work` gets what to tell progress to, and what to ask whether to stop.
    """
    told: list[tuple[str, int]] = []
    stopped: list[bool] = []
    bar = st.progress(0.0, text=what)
    with ThreadPoolExecutor(1) as pool:
        task = pool.submit(
            copy_context().run,
            work,
            lambda stage, done: told.append((stage, done)),
            lambda: bool(stopped),
        )
        try:
            while not task.done():
                sleep(_LOOK)
                if told:
                    bar.progress(_share(told[-1][0]), text=_said(what, *told[-1]))
            return task.result()
        finally:
            stopped.append(True)
            bar.empty()


def _share(stage: str) -> float:
    return {"read": 0.1, "rows": 0.35, "feed": 0.6, "load": 0.8}.get(stage, 0.05)


def _said(what: str, stage: str, done: int) -> str:
    if stage == "rows" and done:
        return _("{what} {n} rows read").format(what=what, n=formats.number(done))
    steps = {"read": _("reading"), "feed": _("checking"), "load": _("storing and calculating")}
    return f"{what} {steps[stage]} …" if stage in steps else what
