"""A real server on loopback and a real browser that may reach nothing else."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright

from kpi.demo.fill import fill
from kpi.demo.plan import Plan
from kpi.settings import load_settings
from kpi.store import open_store

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    # No other machine exists: what a page would fetch elsewhere fails, and is noted as tried.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
#: Not a month's end, in summer time, safely in the past.
UNTIL = date(2025, 9, 17)
STARTS_IN = 60.0


def url_of(path: Path) -> str:
    """The database URL of a store's file."""
    return f"duckdb:///{path}"


def make_demo(path: Path, customers: int = 1500, months: int = 14, seed: int = 5) -> Path:
    """A store with a small demo organisation."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open_store(load_settings(url_of(path))) as store:
        fill(
            store, Plan(until=UNTIL, customers=customers, months=months, seed=seed), "test", _quiet
        )
    return path


def _quiet(_text: str) -> None:
    return None


class Server:
    """The application over one store, as `streamlit run app.py` starts it."""

    def __init__(self, store: Path, log: Path) -> None:
        self.store, self.log = store, log
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def command(self) -> list[str]:
        """What is started."""
        return [
            sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={self.port}",
        ]  # fmt: skip

    @property
    def environment(self) -> dict[str, str]:
        """For commands that mean this store."""
        return {**os.environ, "KETENZICHT_DATABASE_URL": url_of(self.store), "PYTHONUTF8": "1"}

    def start(self) -> None:
        """Start and wait until it answers questions."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip
        until = time.monotonic() + STARTS_IN
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            if self.ready():
                return
            time.sleep(0.1)
        raise AssertionError(f"not ready after {STARTS_IN} s:\n{self.log.read_text()}")

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return answer.status == 200
        except urllib.error.HTTPError as answer:
            answer.close()
            return False
        except OSError:
            return False

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop as an operator would, or by a harder signal."""
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def pause(self) -> None:
        """Let it hang: the process is there and does not answer."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def served(store: Path, log: Path) -> Iterator[Server]:
    """A running server over the store."""
    server = Server(store, log)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def copied(template: Path, folder: Path) -> Path:
    """A store of one's own, copied from one that is not open."""
    path = folder / "store.duckdb"
    shutil.copy(template, path)
    return path


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def launch(playwright: Playwright, executable: Path) -> Browser:
    """The browser."""
    return playwright.chromium.launch(executable_path=executable, args=list(FLAGS))


def settled(page: Page, timeout: float = 30_000) -> None:
    """Wait until the page has its title, its script has ended, and nothing comes any more."""
    page.wait_for_selector("h1", timeout=timeout)
    page.evaluate("window.quietSince = null")
    page.wait_for_function(
        """() => {
          const app = document.querySelector('.stApp');
          const busy = !app || app.dataset.testScriptState === 'running'
            || document.querySelector('[data-stale="true"]')
            // Streamlit fetches what it needs piece by piece: our style and components come late.
            || ![...document.querySelectorAll('style')].some((s) => s.textContent.includes('st-key-frame'))
            // A figure of Plotly's whose library is still on its way.
            || document.querySelector('.kz-figure:empty');
          const now = busy ? null : document.querySelectorAll('*').length;
          if (now === null || !window.quietSince || window.quietSince.count !== now) {
            window.quietSince = now === null ? null : {count: now, at: performance.now()};
            return false;
          }
          return performance.now() - window.quietSince.at > 350;
        }""",
        timeout=timeout,
        polling=50,
    )


def all_text(page: Page) -> str:
    """Everything a page shows, that inside our components (shadow roots) included.

    Without the invisible joiners that keep a date on one line.
    """
    return str(
        page.evaluate(
            """() => {
              const read = (node) => {
                let text = node.innerText || "";
                for (const inner of node.querySelectorAll("*"))
                  if (inner.shadowRoot)
                    for (const child of inner.shadowRoot.children)
                      if (child.innerText) text += "\\n" + child.innerText;
                return text;
              };
              return read(document.body);
            }"""
        )
    ).replace("\u2060", "")


def serious(page: Page) -> list[str]:
    """Serious and critical findings of axe, as one reads them."""
    rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
    # Of what is in order axe would tell every node: half of its time.
    results = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    return [
        f"{one['id']}: {one['help']} · {node['html'][:160]} · {node['failureSummary'][:200]}"
        for one in results.response["violations"]
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]
