"""`python -m bench pages`: a filter changed by a click in a real browser, beside a page by hand.

Each time another channel is chosen (where a page knows none, another period), one that was not
asked before, so that no cache answers. Told
are, from the click, when the new numbers and when the new charts stand in the page, and how much
processor time the server spent on it; and the same when they are chosen once more. Then all of it over the
same file with `bench/plain.py`: one query and nothing more.

    python -m bench pages [--store PATH] [--repeat N] [--browser PATH] [--every] [--only WORD …]

With `--every` the other pages too, each with a server of its own that holds nothing yet: that takes
ten minutes more. With `--only` those whose names hold one of the words.

A machine that others share is at times half as fast. So what a fixed loop takes before each change is told
too, its median beside each page: pages are compared where these are alike. The page by hand comes first
and last.

The store is one of the demo, at best with ten million contacts; it is opened, and prepared anew
where the program is another than the one that made it. Daily sums are made first: that is what the
running application does by itself.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Page, sync_playwright

from kpi.filters import Filters
from kpi.numbers import ask, default_period, keep_daily_sums
from kpi.settings import load_settings
from kpi.store import open_store
from kpi.tables import table

ROOT = Path(__file__).resolve().parent.parent
STARTS_IN = 120.0
#: Watches, frame by frame, when what a page shows of its numbers and charts last became another.
WATCH = """(selectors) => {
  // As little as tells that it is another: whatever the watching takes, the page waits for.
  const read = (selector) => {
    let text = '';
    for (const node of document.querySelectorAll(selector)) {
      const host = node.shadowRoot ? node : [...node.getElementsByTagName('div')].find((one) => one.shadowRoot);
      const held = host ? host.shadowRoot : node;
      text += held.textContent;
      for (const one of held.querySelectorAll('path, polyline.line')) {
        text += one.getAttribute('d') || one.getAttribute('points');
      }
    }
    return text;
  };
  const seen = {};
  for (const name in selectors) seen[name] = {text: read(selectors[name]), at: null, first: null};
  window.clicked = null;
  document.addEventListener('click', () => {
    if (window.clicked === null) window.clicked = performance.now();
  }, {capture: true});
  window.forget = () => {
    window.clicked = null;
    for (const name in seen) seen[name] = {text: read(selectors[name]), at: null, first: null};
  };
  window.told = () => {
    const told = {};
    for (const [name, one] of Object.entries(seen)) if (one.at !== null) {
      told[`first ${name}`] = one.first - window.clicked;
      told[name] = one.at - window.clicked;
    }
    return told;
  };
  const look = () => {
    if (window.clicked !== null) for (const name in seen) {
      const text = read(selectors[name]);
      if (text !== seen[name].text) {
        const at = performance.now();
        seen[name] = {text, at, first: seen[name].first ?? at};
      }
    }
    requestAnimationFrame(look);
  };
  look();
}"""
QUIET = """() => {
  const app = document.querySelector('.stApp');
  return app && app.dataset.testScriptState !== 'running'
    && !document.querySelector('[data-stale="true"]');
}"""
#: How the charts of each page are found: Plotly's, and those of our own.
CHARTS = ".js-plotly-plot, .kz-drawing"
#: What is told of each page. Of a large store numbers come in two turns: those that are quickly
#: there, and all of them.
CELLS = (
    "first seen",
    "first numbers",
    "numbers",
    "charts",
    "what moved",
    "server CPU",
    "asked before",
)
#: Additions of a loop that takes some hundredths of a second.
_LOOP = 500_000


@dataclass(frozen=True)
class Shown:
    """A page to measure: its address, where its numbers and charts stand, and its filter.

    With `offered` what the filter itself offers is chosen, one after another.
    """

    name: str
    path: str
    parts: Mapping[str, str]
    box: str
    offered: bool = False


OURS = (
    Shown(
        "Trends, by process and week",
        "/trends?period=12m&by=process&grain=week&compare=none&lang=en",
        {"numbers": "h1", "charts": CHARTS},
        ".st-key-choose-channel",
    ),
    Shown(
        "Overview",
        "/?lang=en",
        {
            "numbers": ".st-key-scorecard, .st-key-scorecard-early",
            "what moved": ".st-key-moved",
        },
        ".st-key-choose-channel",
    ),
)
_OTHER = {"numbers": "h1, .st-key-tiles", "charts": CHARTS}
_CHANNEL, _PERIOD = ".st-key-choose-channel", ".st-key-choose-period"
EVERY = (
    *OURS,
    Shown("Process", "/klantproces?process=fault&period=12m&lang=en", _OTHER, _CHANNEL),
    Shown(
        "… lead time", "/klantproces?process=fault&view=lead&period=12m&lang=en", _OTHER, _CHANNEL
    ),
    Shown(
        "… open work", "/klantproces?process=fault&view=work&period=12m&lang=en", _OTHER, _CHANNEL
    ),
    Shown("Avoidable contacts", "/onnodige-contacten?period=12m&lang=en", _OTHER, _CHANNEL),
    Shown(
        "… who keeps coming back",
        "/onnodige-contacten?view=back&period=12m&lang=en",
        _OTHER,
        _CHANNEL,
    ),
    Shown("Reachability", "/bereikbaarheid?period=12m&lang=en", _OTHER, _CHANNEL),
    Shown("Funnels", "/funnels?lang=en", _OTHER, _PERIOD, offered=True),
    Shown("Channel steering", "/kanaalsturing?lang=en", _OTHER, _PERIOD, offered=True),
    Shown("Customers", "/klanten?lang=en", _OTHER, _PERIOD, offered=True),
    Shown("Goals", "/doelen?lang=en", _OTHER, _PERIOD, offered=True),
)
PLAIN = Shown(
    "one query by hand",
    "/",
    {"numbers": '[data-testid="stMetricValue"]', "charts": ".js-plotly-plot .scatterlayer"},
    '[data-testid="stSelectbox"]',
)


def main(given: list[str]) -> None:
    """Run it and print what it found."""
    parser = argparse.ArgumentParser(prog="python -m bench pages")
    parser.add_argument("--store", type=Path, default=Path("data/bench.duckdb"))
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--browser", type=Path, default=shutil.which("chromium"))
    asked = parser.parse_args(given)
    with open_store(load_settings(f"duckdb:///{asked.store.absolute()}")) as store:
        keep_daily_sums(store)
        since, until = default_period(store, ["avoidable"])
        # Those that most contacts came by: of a page without numbers there is nothing to time.
        came = ask(store, ["avoidable"], Filters.of(since, until), ("channel",))
        channels = {
            channel: store.configuration.title("channel", channel, "en")
            for one in sorted(came, key=lambda one: -one.n)
            if (channel := one.by["channel"]) is not None
        }
        [count] = store.rows(_count())
    print(f"{count['n']:,} contacts, {since} to {until}; medians of {asked.repeat} changes\n")
    print(f"{'':30}{'first seen':>12}" + "".join(f"{name:>14}" for name in CELLS[1:]) + "   a loop")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=asked.browser, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        found: dict[str, list[dict[str, float]]] = {}
        environment = {"KETENZICHT_DATABASE_URL": f"duckdb:///{asked.store.absolute()}"}
        plain = {
            "PLAIN_STORE": str(asked.store.absolute()), "PLAIN_SINCE": str(since),
            "PLAIN_UNTIL": str(until), "PLAIN_CHANNELS": " ".join(channels),
        }  # fmt: skip
        pages = [
            shown
            for shown in (EVERY if asked.every or asked.only else OURS)
            if not asked.only or any(word in shown.name for word in asked.only)
        ]
        for shown in (PLAIN, *pages, PLAIN):
            script, known, titles = "app.py", environment, channels
            if shown is PLAIN:
                script, known, titles = "bench/plain.py", plain, {name: name for name in channels}
            # A server each: nothing that another page asked is in its cache.
            with served(script, known) as (url, pid):
                told = _measured(browser.new_page(), url, pid, shown, titles, asked.repeat)
            found.setdefault(shown.name, []).append(told)
        browser.close()
    _compared(found)


def _compared(found: Mapping[str, list[dict[str, float]]]) -> None:
    """Each page in times of the page by hand, as that was before the others and after them."""
    theirs = found[PLAIN.name]
    print(f"\nIn times of {PLAIN.name}, measured first and measured last:")
    for name, [ours] in ((name, told) for name, told in found.items() if name != PLAIN.name):
        cells = []
        for cell in ("first numbers", "charts", "what moved", "server CPU"):
            against = "charts" if cell == "what moved" else cell
            if cell in ours:
                times = " ".join(f"{ours[cell] / their[against]:.2f}" for their in theirs)
                cells.append(f"{cell} {times}")
        print(f"{name:30}{'; '.join(cells)}")


def _loop() -> float:
    """What a fixed loop takes now, in ms: how fast the machine is."""
    started, total = time.perf_counter(), 0
    for number in range(_LOOP):
        total += number
    return 1000 * (time.perf_counter() - started)


def _count() -> sa.Select[tuple[int]]:
    return sa.select(sa.func.count().label("n")).select_from(table("prepared_contacts"))


def _measured(
    page: Page, url: str, pid: int, shown: Shown, channels: Mapping[str, str], repeat: int
) -> dict[str, float]:
    """Medians, in ms: until the page is there at first, and from a click to what it changes."""
    page.set_viewport_size({"width": 1440, "height": 1000})
    started = time.perf_counter()
    page.goto(url + shown.path)
    _settled(page, shown)
    took = {"first seen": [1000 * (time.perf_counter() - started)]}
    _idle(pid)
    page.evaluate(WATCH, dict(shown.parts))
    titles = (_offered(page, shown) if shown.offered else list(channels.values()))[: repeat + 1]
    texts, loops = [], []
    # The first change warms up what any change needs.
    for place, title in enumerate([*titles, *titles]):
        page.locator(f"{shown.box} [role=combobox]").click()
        option = page.get_by_role("option", name=title, exact=True)
        option.wait_for()
        page.wait_for_timeout(150)
        loops.append(_loop())
        page.evaluate("window.forget()")
        before = _spent(pid)
        option.click()
        page.wait_for_timeout(100)
        _settled(page, shown)
        told = page.evaluate("window.told()")
        texts.append(page.locator(next(iter(shown.parts.values()))).first.inner_text())
        spent = 1000 * (_spent(pid) - before)
        if place >= len(titles):
            took.setdefault("asked before", []).append(spent)
            for name, at in told.items():
                took.setdefault(f"{name} again", []).append(at)
        elif place:
            for name, at in told.items():
                if at is not None:
                    took.setdefault(name, []).append(at)
            took.setdefault("server CPU", []).append(spent)
    page.close()
    found = {name: statistics.median(times) for name, times in took.items()}
    cells = CELLS
    print(f"{shown.name:30}" + "".join(
        f"{found[name]:{12 if name == 'first seen' else 14}.0f}" if name in found else f"{'–':>14}" for name in cells
    ) + f"{statistics.median(loops):9.0f}", flush=True)  # fmt: skip
    again = ", ".join(
        f"{name} {found[f'{name} again']:.0f}" for name in CELLS if f"{name} again" in found
    )
    print(f"   asked before: {again}; said last: {' '.join(texts[-1].split())[:90]}", flush=True)
    return found


def _offered(page: Page, shown: Shown) -> list[str]:
    """What the filter offers besides what is chosen, but for an own period."""
    page.locator(f"{shown.box} [role=combobox]").click()
    options = page.get_by_role("option")
    options.first.wait_for()
    found = [
        one.inner_text() for one in options.all() if one.get_attribute("aria-selected") != "true"
    ]
    page.keyboard.press("Escape")
    return [text for text in found if "own" not in text]


def _settled(page: Page, shown: Shown) -> None:
    """Until the script has ended and nothing in the watched places changes any more."""
    page.wait_for_selector(next(iter(shown.parts.values())), timeout=120_000)
    last, same = None, 0
    while same < 6:
        page.wait_for_timeout(100)
        now = page.evaluate("() => document.querySelectorAll('*').length")
        busy = not page.evaluate(QUIET)
        same = 0 if busy or now != last else same + 1
        last = now


def _idle(pid: int) -> None:
    """Until the server does nothing by itself any more: after a start it sums days, minutes long."""
    until, before = time.monotonic() + 600, _spent(pid)
    while time.monotonic() < until:
        time.sleep(1)
        now = _spent(pid)
        if now - before < 0.05:
            return
        before = now


def _spent(pid: int) -> float:
    """Processor time of a process so far, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(script: str, environment: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """A Streamlit server of its own: its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "streamlit", "run", script,
        f"--server.port={port}", "--server.headless=true", "--browser.gatherUsageStats=false",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        _answers(url + ("/readyz" if script == "app.py" else "/_stcore/health"), process)
        yield url, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_IN
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"The server for {url} ended with {process.returncode}.")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"{url} did not answer within {STARTS_IN:.0f} s.")
