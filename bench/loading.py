"""`python -m bench loading`: a large CSV into a new store, against DuckDB's bare reading of it.

Both read the same file in the same run, turn by turn. Bare is `CREATE TABLE … AS FROM read_csv` into
a new file: nothing checked, nothing mapped, keys may repeat. Ours is the product's own `load`:
read in a process of its own, every value checked, rows set aside with a reason, keys made unique,
compared with what is there, and written with its bookkeeping in one transaction. That transaction
also prepares the numbers (local days, repeat chains, categories …), which no bare reading does: it
is told apart, and the whole as well.

    python -m bench loading [--rows N] [--repeat N] [--folder PATH]
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from bench.extract import PROFILE, write_extract
from kpi.ingest import load, parse_profile
from kpi.settings import load_settings
from kpi.store import Store, open_store
from kpi.store import store as store_module

#: What is promised: so many times the bare reading, and so many bytes of writer and child.
TIMES, MEMORY = 3.0, 1_500_000_000


@dataclass
class Took:
    """Seconds of one load by what they went to, and the most memory at once (bytes)."""

    read: float = 0.0
    write: float = 0.0
    prepare: float = 0.0
    busy: float = 0.0
    busy_preparing: float = 0.0
    memory: int = 0
    child: int = 0
    writer: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def committed(self) -> float:
        """Checked, mapped, deduplicated and written."""
        return self.read + self.write


def main(given: list[str]) -> None:
    """Run it and print what it found."""
    parser = argparse.ArgumentParser(prog="python -m bench loading")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the extract is kept for the next run")
    asked = parser.parse_args(given)
    with TemporaryDirectory(prefix="ketenzicht-bench-") as own:
        folder = asked.folder or Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        extract = folder / f"contacts_{asked.rows}.csv"
        write_extract(extract, asked.rows)
        _run(extract, Path(own), asked.rows, asked.repeat)


def _run(extract: Path, work: Path, rows: int, repeat: int) -> None:
    print(f"{extract.name}: {rows:,} rows, {extract.stat().st_size / 1e6:.0f} MB; turn by turn\n")
    bare, busy, ours = [], [], []
    for turn in range(repeat):
        before = _busy()
        bare.append(_timed(lambda turn=turn: _bare(extract, work / f"bare_{turn}.duckdb")))
        busy.append(_busy() - before)
        ours.append(_ours(extract, work / f"store_{turn}"))
        one = ours[-1]
        print(
            f"turn {turn + 1}: bare {bare[-1]:.2f} s; read and check {one.read:.2f},"
            f" write {one.write:.2f}, prepare {one.prepare:.2f} s; {one.counts}"
        )
    _told(bare, busy, ours)


def _told(bare: list[float], busy: list[float], ours: list[Took]) -> None:
    least = statistics.median(bare)

    def line(words: str, of: Callable[[Took], float], against: float = least) -> float:
        seconds = statistics.median(of(one) for one in ours)
        print(f"{words:44}{seconds:8.2f} s{seconds / against:8.2f} ×")
        return seconds / against

    print(
        f"\n{'median of ' + str(len(ours)):44}\n{'bare read_csv to a table':44}{least:8.2f} s{1:8.2f} ×"
    )
    line("  read, check, map, deduplicate", lambda one: one.read)
    line("  compare, write, keep the books", lambda one: one.write)
    ratio = line("checked, mapped, deduplicated, committed", lambda one: one.committed)
    line("  prepare the numbers, in the same commit", lambda one: one.prepare)
    line("all of it", lambda one: one.committed + one.prepare)
    # On a machine that others use too, this says more than the clock.
    print(f"{'processor time, bare':44}{statistics.median(busy):8.2f} s{1:8.2f} ×")
    line("  until committed", lambda one: one.busy, statistics.median(busy))
    line("  preparing", lambda one: one.busy_preparing, statistics.median(busy))
    memory = max(one.memory for one in ours)
    print(f"{'memory at most, writer and child together':44}{memory / 1e6:8.0f} MB")
    for words, of in (("  child", "child"), ("  writer", "writer")):
        print(f"{words:44}{max(getattr(one, of) for one in ours) / 1e6:8.0f} MB")
    kept = "holds" if ratio <= TIMES and memory <= MEMORY else "DOES NOT HOLD"
    print(f"\n{kept}: at most {TIMES:.0f} × the bare reading, and {MEMORY / 1e6:.0f} MB")


def _bare(extract: Path, file: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"CREATE TABLE contacts AS FROM read_csv('{extract}')")
    file.unlink()


def _ours(extract: Path, folder: Path) -> Took:
    folder.mkdir()
    took = Took()
    settings = load_settings(f"duckdb:///{folder / 'store.duckdb'}")
    with open_store(settings) as store, _measured(store, took), _watching(took):
        started, before = time.perf_counter(), _busy()
        outcome = load(store, extract, parse_profile(PROFILE), who="bench")
        took.read = time.perf_counter() - started - took.write - took.prepare
        took.busy = _busy() - before - took.busy_preparing
    assert outcome.refused is None, outcome.refused
    names = ("rows", "accepted", "left_out", "quarantined")
    took.counts = {name: outcome.total(name) for name in names}
    shutil.rmtree(folder)
    return took


@contextmanager
def _measured(store: Store, took: Took) -> Any:
    """Time the transaction, and the preparation inside it."""
    prepare, import_staged = store_module.prepare, store.import_staged

    def timed_prepare(*given: Any, **named: Any) -> None:
        before = _busy()
        took.prepare = _timed(lambda: prepare(*given, **named))
        took.busy_preparing = _busy() - before

    def timed_import(*given: Any, **named: Any) -> Any:
        started = time.perf_counter()
        try:
            return import_staged(*given, **named)
        finally:
            took.write = time.perf_counter() - started - took.prepare

    store_module.prepare = timed_prepare
    store.import_staged = timed_import  # type: ignore[method-assign]
    try:
        yield
    finally:
        store_module.prepare = prepare


@contextmanager
def _watching(took: Took) -> Any:
    """Look at the memory of this process and its children ten times a second."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.1):
            ours, child = _resident(os.getpid()), sum(map(_resident, _children()))
            took.memory = max(took.memory, ours + child)
            took.child = max(took.child, child)
            took.writer = max(took.writer, ours)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _children() -> list[int]:
    found = []
    for task in Path("/proc/self/task").glob("*/children"):
        found += [int(pid) for pid in task.read_text().split()]
    return found


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _busy() -> float:
    """Processor seconds of this process and of its children that have ended."""
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
