"""Reading a file in a process of its own, that can be stopped at any moment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any

from kpi.ingest.child import RESULT
from kpi.ingest.key import key_path, load_key
from kpi.ingest.problems import Cancelled, Refused
from kpi.schema.synonyms import every_header
from kpi.settings import Settings
from kpi.text import N_

#: What the reading process may use, bytes.
MEMORY = 2_400 << 20
#: How often we look whether it is done or should stop, seconds.
_PATIENCE = 0.05
_ROOT = Path(__file__).resolve().parents[2]

Progress = Callable[[str, int], None]
Cancel = Callable[[], bool]


@contextmanager
def work_folder(staging: Path, path: Path) -> Iterator[Path]:
    """A folder of its own in `staging` with the file in it, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="read-", dir=staging))
    try:
        _bring(path, folder / _safe_name(path))
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _safe_name(path: Path) -> str:
    """A name that means nothing to anybody: no wildcard, no quote."""
    return "file" + "".join(c for c in path.suffix.lower() if c.isalnum() or c == ".")[:12]


def _bring(path: Path, to: Path) -> None:
    """The file under `to`: the same one where the disk allows it, else a copy."""
    try:
        # A link to the file itself, so that nobody can exchange it while we read.
        os.link(path.resolve(strict=True), to)
    except (OSError, NotImplementedError):
        shutil.copyfile(path, to)


def run_child(
    folder: Path,
    path: Path,
    settings: Settings,
    *,
    job: str,
    profile: str = "",
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Do a job on the file in `folder`; what the child found.

    Raises:
        Refused: with its sentence, or when it took too long or stopped.
        Cancelled: when `cancel` said so.
    """
    caps = asdict(settings.caps)
    seconds = caps.pop("max_parse_seconds")
    request = {
        "job": job,
        "file": _safe_name(path),
        "profile": profile,
        "zone": settings.time_zone,
        "limits": caps,
        "memory": MEMORY,
        "threads": settings.threads,
        "known": sorted(every_header()),
        "key": load_key(key_path(settings)).hex() if job == "stage" else "",
        **more,
    }
    asked = folder / "request.json"
    asked.touch(mode=0o600)
    asked.write_text(json.dumps(request), encoding="utf-8")
    _run(asked, seconds, progress, cancel)
    result = folder / RESULT
    read: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    if "refused" in read:
        raise Refused.from_json(read["refused"])
    return read


def _run(asked: Path, seconds: int, progress: Progress | None, cancel: Cancel | None) -> None:
    said = asked.with_name("stderr.txt")
    environment = {**os.environ, "PYTHONPATH": _python_path(), "PYTHONIOENCODING": "utf-8"}
    with said.open("wb") as errors:
        child = subprocess.Popen(
            [sys.executable, "-m", "kpi.ingest.child", str(asked)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
            env=environment, cwd=asked.parent, start_new_session=True,
        )  # fmt: skip
    # In our own context: whoever is told speaks the language of whoever asked.
    reader = threading.Thread(
        target=copy_context().run, args=(_follow, child, progress), daemon=True
    )
    reader.start()
    until = monotonic() + seconds
    try:
        while True:
            with suppress(subprocess.TimeoutExpired):
                child.wait(_PATIENCE)
                break
            if cancel is not None and cancel():
                raise Cancelled
            if monotonic() > until:
                raise Refused(
                    N_("Reading took longer than {seconds} seconds and was stopped. Split the file,"
                       " or raise max_parse_seconds in the settings."),
                    seconds=seconds,
                )  # fmt: skip
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        reader.join(timeout=2)
        if child.stdout:
            child.stdout.close()
    if child.returncode != 0 or not asked.with_name(RESULT).exists():
        raise Refused(
            N_("The file could not be read: the process that reads it stopped ({problem})."),
            problem=_last_words(said, child.returncode),
        )


def _follow(child: subprocess.Popen[bytes], progress: Progress | None) -> None:
    assert child.stdout is not None
    for line in child.stdout:
        if progress is None:
            continue
        with suppress(ValueError, KeyError, TypeError):
            told = json.loads(line)
            progress(str(told["stage"]), int(told["done"]))


def _last_words(said: Path, code: int) -> str:
    lines = said.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else f"exit {code}"


def _python_path() -> str:
    """Where the child finds the package, from whatever folder we were started."""
    own = os.environ.get("PYTHONPATH")
    return os.pathsep.join([str(_ROOT), *([own] if own else [])])
