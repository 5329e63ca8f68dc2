"""The overview as files for an intranet: one for all, one per process; no script, nothing fetched."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kpi.alerts.digests import Wanted, digest
from kpi.alerts.words import configured_title
from kpi.i18n import _

if TYPE_CHECKING:
    from kpi.store import Store

INDEX = "index.html"


def write(
    store: Store, folder: Path, every: str, processes: tuple[str, ...], moment: datetime
) -> list[Path]:
    """Write the files, in the language spoken now; gives them, none when nothing is loaded.

    Each appears whole or not at all: an intranet may read while we write.

    Args:
        processes: configured ones that get a page.
    """
    names = {process: f"{_file(process)}.html" for process in processes}
    titles = {process: configured_title(store, "process", process) for process in processes}
    written = []
    for process in (None, *processes):
        made = digest(store, Wanted(every, (process,) if process else ()), moment)
        if made is None:
            return []
        links = [(_("All processes"), INDEX if process else "")]
        links += [(titles[one], names[one] if one != process else "") for one in processes]
        # A file has no address of ours to point at unless the settings give one; it links to its own.
        rows = made.board.rows
        if process is None:
            by_title = {titles[one]: names[one] for one in processes}
            rows = tuple((title, cells, by_title.get(title, "")) for title, cells, _href in rows)
        page = replace(made, links=tuple(links), board=replace(made.board, rows=rows)).page
        target = folder / (names[process] if process else INDEX)
        _put(target, page)
        written.append(target)
    return written


def _file(process: str) -> str:
    # A process may be called anything; a file may not.
    plain = re.sub(r"[^a-z0-9]+", "-", process.casefold()).strip("-")
    return f"process-{plain or 'other'}"


def _put(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        beside.write_text(text, encoding="utf-8")
        # For everybody who may read the folder: the store's own umask keeps files to its owner.
        beside.chmod(0o644)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
