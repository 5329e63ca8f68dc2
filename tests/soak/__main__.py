"""`make soak`: the simulated week; `--report docs/soak.md` writes down what came of it."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.serving import launch
from tests.soak.week import Clocked, Week, at, begun, store, whole
from tools.browser import NONE_FOUND, find


def main() -> None:
    """Run the week; exit code 1 when anything was not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--report", type=Path, help="write the report here, as Markdown")
    asked = parser.parse_args()
    chromium = find()
    if chromium is None:
        sys.exit(NONE_FOUND)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Clocked(store(Path(folder) / "store.duckdb"), Path(folder) / "log")
        server.start()
        browser = launch(playwright, chromium)
        try:
            week = begun(
                browser, server, Path(folder), at("2026-03-28T06:00"), all_of_them=True
            )  # fmt: skip
            whole(week)
        finally:
            browser.close()
            server.stop()
    told = report(week, time.monotonic() - began)
    print(told)
    if asked.report:
        asked.report.write_text(told, encoding="utf-8")
    sys.exit(1 if wrong(week) else 0)


def wrong(week: Week) -> list[str]:
    """What was not as it must be, a page that grew too much included."""
    grown = [
        f"{one.name}: its page grew from {one.heap[0]:,} to {one.heap[-1]:,} bytes"
        for one in week.screens
        if one.heap[-1] >= 2 * one.heap[0]
    ]
    return [*week.broken, *grown]


def report(week: Week, took: float) -> str:
    """What happened and what came of it, as Markdown."""
    happened = "\n".join(f"| {what} | {n} |" for what, n in sorted(week.happened.items()))
    screens = "\n".join(
        f"| {one.name} | {len(one.back)} | {max(one.back)} s | {one.reloads} |"
        f" {_mb(one.heap[0])} | {', '.join(_mb(size) for size in one.heap[1:])} |"
        f" {one.nodes[0]} | {one.nodes[-1]} |"
        for one in week.screens
    )
    problems = wrong(week)
    outcome = "\n".join(f"- {one}" for one in problems) or "Nothing was wrong."
    return f"""# A week on the wall

Made by `make soak` on {datetime.now(UTC):%d %B %Y}; do not edit.

Three screens with three views each look at one running application. Their clocks and the server's run
fast; one screen's own clock is 56 years slow. Simulated: {week.lasted.days} days and {week.lasted.seconds // 3600} hours, in {took / 60:.1f}
minutes. In it lie the switch to summer time and the one back, midnights, and New Year.

| What happened | Times |
|---|---|
{happened}

After each of these the right view (the one whose turn it is by the server's clock, with fresh numbers
and the right time on its own clock) must be back within 30 seconds of the screen's time; without an
answer the screen must be amber after two intervals and red after five, with the last good numbers.

| Screen | Came back | Slowest | Put anew | Heap at the start | Heap after each part | Nodes at the start | At the end |
|---|---|---|---|---|---|---|---|
{screens}

The heap is measured after the browser cleared its rubbish; at the start means after the first half
hour. It must stay below twice that.

## What was wrong

{outcome}
"""


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.2f} MB"


if __name__ == "__main__":
    main()
