"""`python -m bench.walls`: fifty screens over loopback, against a file in the same run.

A running server over a demo store, and as many screens as asked, each with a connection of its own:
they fetch their page, then their content again and again with its ETag, as the wall's script does
but far more often, while files are loaded meanwhile. Beside each look one at the wall's style sheet,
which is a file in memory: what counts is the difference; the times depend on the machine and on what
else it does.

    python -m bench.walls [--screens N] [--seconds N] [--every SECONDS] [--loads N] [--store PATH]
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from kpi.demo.fill import fill
from kpi.demo.plan import Plan
from kpi.settings import load_settings
from kpi.store import open_store

CUSTOMERS, UNTIL = 3_000, date(2026, 3, 31)
#: What the screens show: some the same, some of one process, some in English.
PATHS = (
    "/wall/complaints:30,scoreboard:20,outages:15?lang=nl",
    "/wall/complaints,risers,today?lang=nl&theme=light",
    "/wall/scoreboard,offers?lang=en",
    "/wall/complaints,today,sentiment?lang=nl&process=fault",
    "/wall/scoreboard?lang=nl&process=complaint",
)
_STATIC = "/wall/static/wall.css"


@dataclass
class Times:
    """Seconds that answers took, and how many there were of each status."""

    looks: list[float] = field(default_factory=list)
    files: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


def main() -> None:
    asked = _arguments()
    asked.store.parent.mkdir(parents=True, exist_ok=True)
    with open_store(load_settings(f"duckdb:///{asked.store.absolute()}")) as store:
        if store.as_of(["cases"]) is None:
            fill(store, Plan(until=UNTIL, customers=asked.customers), "bench", _say)
    environment = {**os.environ, "KETENZICHT_DATABASE_URL": f"duckdb:///{asked.store.absolute()}"}
    server = subprocess.Popen(
        [sys.executable, "-m", "kpi", "serve", "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        host = next(urlsplit(part) for part in line.split() if part.startswith("http"))
        _run(asked, host.hostname or "127.0.0.1", host.port or 80, environment)
    finally:
        server.terminate()
        server.wait(30)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.walls")
    parser.add_argument("--screens", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--every", type=float, default=3, help="seconds between two looks")
    parser.add_argument("--loads", type=int, default=3, help="files loaded meanwhile")
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument("--store", type=Path, default=Path("data/bench-walls.duckdb"))
    return parser.parse_args()


def _run(asked: argparse.Namespace, host: str, port: int, environment: dict[str, str]) -> None:
    times = Times()
    until = time.monotonic() + min(asked.seconds, 300)
    screens = [
        threading.Thread(target=_screen, args=(n, host, port, asked.every, until, times))
        for n in range(min(asked.screens, 500))
    ]
    for one in screens:
        one.start()
    with tempfile.TemporaryDirectory() as folder:
        for n in range(asked.loads):
            time.sleep(asked.seconds / (asked.loads + 1))
            _load(Path(folder), n, environment)
    for one in screens:
        one.join()
    statuses = ", ".join(f"{n} × {status}" for status, n in sorted(times.answers.items()))
    print(
        f"{len(screens)} screens, a look every {asked.every:g} s for {asked.seconds:g} s: {statuses}"
    )
    print(f"{'':22}{'n':>7}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}")
    _line("content of a wall", times.looks)
    _line("a file beside it", times.files)


def _screen(n: int, host: str, port: int, every: float, until: float, times: Times) -> None:
    chance = random.Random(n)
    path = PATHS[n % len(PATHS)]
    views, _question, query = path.partition("?")
    connection = http.client.HTTPConnection(host, port, timeout=60)
    time.sleep(chance.random() * every)
    # Once before it counts: what nobody has looked at yet is made first.
    _took, answer = _timed(connection, f"{views}/content?{query}", "")
    etag = answer.getheader("ETag") or ""
    while time.monotonic() < until:
        took, answer = _timed(connection, f"{views}/content?{query}", etag)
        etag = answer.getheader("ETag") or ""
        beside, _file = _timed(connection, _STATIC, "")
        with times.lock:
            times.looks.append(took)
            times.files.append(beside)
            times.answers[answer.status] += 1
        time.sleep(every * (0.85 + 0.3 * chance.random()))
    connection.close()


def _timed(
    connection: http.client.HTTPConnection, path: str, etag: str
) -> tuple[float, http.client.HTTPResponse]:
    started = time.perf_counter()
    connection.request("GET", path, headers={"If-None-Match": etag} if etag else {})
    answer = connection.getresponse()
    answer.read()
    return time.perf_counter() - started, answer


def _load(folder: Path, number: int, environment: dict[str, str]) -> None:
    """Another file of complaints: every wall has other numbers afterwards."""
    path = folder / f"klachten-{number}.csv"
    rows = ["case_id;process;reason;opened_at;status"]
    rows += [
        f"bench-{time.time_ns()}-{number}-{i};complaint;late_delivery;2026-03-{20 + i % 9} 10:{i % 60:02d};open"
        for i in range(40)
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "kpi", "load", "--table", "cases", str(path)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode > 1:
        _say(done.stderr)


def _line(what: str, took: list[float]) -> None:
    if len(took) < 2:
        print(f"{what:22}{len(took):7}")
        return
    p95 = statistics.quantiles(took, n=20)[-1]
    shown = (statistics.median(took), p95, max(took))
    print(f"{what:22}{len(took):7}" + "".join(f"{one * 1000:9.1f}" for one in shown))


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    main()
