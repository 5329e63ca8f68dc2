"""The overview as files for an intranet: one for all, one per process; no script, nothing fetched."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
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
    names = _files(processes)
    titles = {process: configured_title(store, "process", process) for process in processes}
    written = []
    _folder(folder)
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


def _files(processes: Iterable[str]) -> dict[str, str]:
    """A file name for each; processes whose names differ in signs only get a number more."""
    found: dict[str, str] = {}
    for process in processes:
        plain = name = _file(process)
        number = 1
        while f"{name}.html" in found.values():
            number += 1
            name = f"{plain}-{number}"
        found[process] = f"{name}.html"
    return found


def _file(process: str) -> str:
    # A process may be called anything; a file may not.
    plain = re.sub(r"[^a-z0-9]+", "-", process.casefold()).strip("-")
    return f"process-{plain or 'other'}"


def _folder(folder: Path) -> None:
    """Make it, and what it lies in; what we make may be read as the files in it may."""
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(made):
        one.mkdir(exist_ok=True)
        one.chmod(0o755)


def _put(target: Path, text: str) -> None:
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        beside.write_text(text, encoding="utf-8")
        # For everybody who may read the folder: the store's own umask keeps files to its owner.
        beside.chmod(0o644)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
