"""The inbox: a folder whose files are loaded when they lie still, and moved away with a report.

A file goes to `done` or `failed` in that folder under a dated name, with `<name>.report.txt` and
`<name>.report.json` beside it; nothing there is ever overwritten. It is moved after it was loaded:
a crash in between leaves it, and the next round finds that it was loaded before, and says so.
"""

from __future__ import annotations

import json
import logging
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kpi.i18n import _
from kpi.ingest import Cancelled, LoadOutcome
from kpi.ingest.parent import Cancel, Progress
from kpi.settings import Settings
from kpi.store.deliveries import note_failure
from kpi.store.problems import StoreProblem
from kpi.unattended.delivering import INBOX, deliver
from kpi.unattended.report import whole
from kpi.zones import to_local

if TYPE_CHECKING:
    from kpi.store import Store

DONE, FAILED = "done", "failed"
#: A file is taken when its size and time have not changed for so many seconds.
STILL = 5.0
#: A file that the store could not take is tried again after so many seconds.
AGAIN = 600.0
#: Endings under which programs write what is not whole yet.
_UNFINISHED = (".part", ".tmp", ".temp", ".partial", ".filepart", ".crdownload", ".lock", "~")
#: Names of files that systems leave in folders.
_NO_DELIVERY = {"thumbs.db", "desktop.ini", "readme.txt", "leesmij.txt"}

log = logging.getLogger("ketenzicht.inbox")
#: One round at a time: the application's own, or one that was asked for.
_round = threading.Lock()


class Seen(NamedTuple):
    """A file as it was seen: what changes when somebody writes in it, and since when it did not."""

    inode: int
    size: int
    changed_ns: int
    since: float


@dataclass(frozen=True)
class Handled:
    """A file that was handled: what came of it, and where it lies now (None: where it lay)."""

    outcome: LoadOutcome
    moved_to: Path | None


def inbox_of(settings: Settings) -> Path | None:
    """The folder that is watched; None where the setting says "off"."""
    if settings.inbox.strip().lower() == "off":
        return None
    if settings.inbox:
        return Path(settings.inbox).expanduser().absolute()
    beside = settings.beside
    # Two stores in one folder have an inbox each.
    own = "inbox" if beside.name == "ketenzicht.duckdb" else f"{beside.name}.inbox"
    return beside.with_name(own)


def empty_inbox(
    store: Store,
    folder: Path,
    seen: dict[str, Seen],
    *,
    progress: Callable[[str], Progress] | None = None,
    cancel: Cancel | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Handled]:
    """Handle every file that lies still, the oldest first; speaks the language spoken now.

    Args:
        store: to load them into.
        folder: the inbox; it is made when it is not there.
        seen: what was seen in earlier rounds, kept up to date here. A file of which nothing is
            known yet is looked at again in a later round.
        progress: gives what to tell progress to, by the file's name.
        cancel: asked whether to stop; what is not handled then stays.
        clock: seconds that only go on.
    """
    with _round:
        for path in list(_still(folder, seen, clock)):
            if cancel is not None and cancel():
                return
            handled = _handle(store, folder, path, seen, progress, cancel, clock)
            if handled is not None:
                yield handled


def waiting(seen: dict[str, Seen], clock: Callable[[], float] = time.monotonic) -> float:
    """Seconds until all that was seen has lain still for long enough."""
    now = clock()
    return max((one.since + STILL - now for one in seen.values()), default=0.0)


def _still(folder: Path, seen: dict[str, Seen], clock: Callable[[], float]) -> Iterator[Path]:
    """The files to take now; `seen` then holds what is there and nothing else."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = clock()
    there: dict[str, Seen] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if _is_delivery(entry):
                there[entry.name] = _seen(entry.stat(follow_symlinks=False), now)
    for name, one in there.items():
        before = seen.get(name)
        if before is not None and before[:3] == one[:3]:
            there[name] = before
    seen.clear()
    seen.update(there)
    ready = [name for name, one in there.items() if now - one.since >= STILL]
    for name in sorted(ready, key=lambda name: (there[name].changed_ns, name)):
        yield folder / name


def _is_delivery(entry: os.DirEntry[str]) -> bool:
    name = entry.name.casefold()
    if name.startswith((".", "~$")) or name.endswith(_UNFINISHED) or name in _NO_DELIVERY:
        return False
    # A link is handled too: it is refused, and seen to be.
    return entry.is_symlink() or entry.is_file(follow_symlinks=False)


def _seen(found: os.stat_result, now: float) -> Seen:
    return Seen(found.st_ino, found.st_size, found.st_mtime_ns, now)


def _handle(
    store: Store,
    folder: Path,
    path: Path,
    seen: dict[str, Seen],
    progress: Callable[[str], Progress] | None,
    cancel: Cancel | None,
    clock: Callable[[], float],
) -> Handled | None:
    """Load one file and move it; None when it stays for a later round."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode):
            outcome = deliver(
                store, path, way=INBOX, who=INBOX,
                progress=progress(path.name) if progress else None, cancel=cancel,
            )  # fmt: skip
        else:
            outcome = _refused(
                store, path, _("It is a link to a file elsewhere: put the file itself here.")
            )
    except (Cancelled, FileNotFoundError):
        return None
    except StoreProblem as problem:
        # Not the file's fault: it stays, and is tried again later.
        log.warning("%s: %s", path.name, problem)
        _later(seen, path.name, clock)
        return Handled(LoadOutcome(path.name, refused=str(problem)), None)
    except Exception:
        log.exception("%s could not be handled", path.name)
        outcome = _refused(
            store, path, _("Something went wrong inside Ketenzicht; its log says what.")
        )
    if _written_again(path, seen[path.name]):
        # It was written again meanwhile: what is there now is another delivery.
        return Handled(outcome, None)
    try:
        moved = _move(store.settings, folder, path, outcome)
    except OSError as problem:
        log.warning("%s was handled and could not be moved: %s", path.name, problem)
        _later(seen, path.name, clock)
        return Handled(outcome, None)
    seen.pop(path.name, None)
    return Handled(outcome, moved)


def _later(seen: dict[str, Seen], name: str, clock: Callable[[], float]) -> None:
    """Let a file lie for a while before it is tried again."""
    seen[name] = seen[name]._replace(since=clock() + AGAIN - STILL)


def _refused(store: Store, path: Path, reason: str) -> LoadOutcome:
    note_failure(store, path.name, INBOX, reason)
    return LoadOutcome(path.name, refused=reason)


def _written_again(path: Path, one: Seen) -> bool:
    try:
        return _seen(path.lstat(), 0)[:3] != one[:3]
    except FileNotFoundError:
        return True


def _move(settings: Settings, folder: Path, path: Path, outcome: LoadOutcome) -> Path:
    to = folder / (FAILED if outcome.refused is not None else DONE)
    to.mkdir(mode=0o700, exist_ok=True)
    now = to_local(datetime.now(UTC).replace(tzinfo=None), settings.time_zone)
    target = _free(to, f"{now:%Y-%m-%d_%H%M%S}_{path.name}")
    # The report first: a file in `done` always has one.
    _write(_beside(target, ".txt"), whole(outcome))
    _write(
        _beside(target, ".json"),
        json.dumps(outcome.as_json(), ensure_ascii=False, indent=2, default=str) + "\n",
    )
    path.rename(target)
    return target


def _free(folder: Path, name: str) -> Path:
    """A path that nothing lies at yet, nor its reports."""
    stem, dot, ending = name.partition(".")
    number = 1
    while True:
        path = folder / (name if number == 1 else f"{stem}-{number}{dot}{ending}")
        if not any(os.path.lexists(one) for one in (path, _beside(path, ".txt"))):
            return path
        number += 1


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.name}.report{ending}")


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
