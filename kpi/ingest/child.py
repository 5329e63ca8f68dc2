"""The process that reads a file: it can be killed at any moment, and nothing is lost.

    python -m kpi.ingest.child REQUEST.json

The request names the file (in the staging folder), the job and the limits. Progress goes to
standard output, a line of JSON each; the result to `result.json` in the same folder, written under
another name first, so that it is there whole or not at all.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from kpi.findings import to_plain
from kpi.ingest.problems import Refused
from kpi.ingest.profile_keys import parse_profile
from kpi.ingest.staging import StageResult, Work, stage_file
from kpi.ingest.table import Limits
from kpi.schema import TABLES
from kpi.store.scratch import ScratchProblem, scratch
from kpi.text import N_

RESULT = "result.json"
#: Progress is told at most this often, seconds.
_EVERY = 0.2
_MEGABYTE = 1 << 20


def main(request_path: str) -> int:
    """Do the job of the request; 0 when a result was written, also a refusal."""
    request = json.loads(Path(request_path).read_text(encoding="utf-8"))
    folder = Path(request_path).parent
    _limit_memory(int(request["memory"]))
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    try:
        result = _work(request, folder)
    except Refused as refusal:
        result = {"refused": refusal.as_json()}
    except ScratchProblem as problem:
        if "memory" not in str(problem).lower():
            raise
        result = {"refused": Refused(_NO_MEMORY).as_json()}
    except MemoryError:
        result = {"refused": Refused(_NO_MEMORY).as_json()}
    written = folder / f"{RESULT}.part"
    written.write_text(json.dumps(result, default=_plain, ensure_ascii=False), encoding="utf-8")
    written.rename(folder / RESULT)
    return 0


_NO_MEMORY = N_("The file needs more memory than reading may use. Split it and load the parts.")


def _work(request: dict[str, Any], folder: Path) -> dict[str, Any]:
    # Half of what the process may use: the rest is for Python and for reading buffers.
    limit = f"{int(request['memory']) // 2 // _MEGABYTE}MB"
    connection = scratch(
        [folder], memory_limit=limit, threads=int(request["threads"]), spill=folder
    )
    work = Work(
        connection=connection,
        path=folder / request["file"],
        folder=folder,
        zone=request["zone"],
        limits=Limits(**request["limits"]),
        key=bytes.fromhex(request["key"]) if request["key"] else None,
        known=frozenset(request["known"]),
        progress=_tell(),
    )
    if request["job"] == "propose":
        from kpi.ingest.look import look

        return {"proposal": look(work, request)}
    return {"staged": _staged(stage_file(work, parse_profile(request["profile"])))}


def _staged(result: StageResult) -> dict[str, Any]:
    findings = list(map(to_plain, result.findings))
    staged = asdict(replace(result, findings=[]))
    codes: dict[str, dict[str, int]] = {}
    for feed in staged["feeds"]:
        for name, texts in feed.pop("codes").items():
            dictionary = TABLES[feed["table"]].by_name[name].coded
            counted = codes.setdefault(dictionary or name, {})
            for text, count in texts:
                counted[text] = counted.get(text, 0) + count
    return {**staged, "codes": codes, "findings": findings}


def _tell() -> Any:
    """A progress function that writes to standard output: each stage at once, and not too often."""
    last: tuple[str, float] = ("", 0.0)

    def tell(stage: str, done: int) -> None:
        nonlocal last
        now = monotonic()
        if stage != last[0] or now - last[1] >= _EVERY:
            last = (stage, now)
            print(json.dumps({"stage": stage, "done": done}), flush=True)

    return tell


def _end_with(parent: int) -> None:
    """Stop when whoever asked was killed: nobody waits for the result any more."""
    while os.getppid() == parent:
        sleep(_EVERY)
    os._exit(1)


def _limit_memory(most: int) -> None:
    """Let the system stop us rather than the machine: address space, with room for threads."""
    try:
        import resource
    except ImportError:
        return
    room = most + (2 << 30)
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or room < hard:
        resource.setrlimit(resource.RLIMIT_AS, (room, hard))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
