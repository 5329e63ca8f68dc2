"""One screen of the soak: a page whose time runs when told, and what must hold of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page

from kpi.bulletin.wall import turn

CLOCK = Path(__file__).with_name("clock.js")
ZONE = ZoneInfo("Europe/Amsterdam")
#: Real milliseconds that one answer may take: of a server that answers, and of one that does not.
PATIENT, HUNG = 5000, 4
#: Seconds of its own time within which the right view must be back.
SOON = 30


@dataclass
class Screen:
    """A wall in a browser of its own; `wrong` is by how many seconds its own clock is off.

    `interval` is in seconds, between two looks.
    """

    name: str
    page: Page
    turns: list[tuple[str, int]]
    wrong: int
    interval: int
    reloads: int = 0
    back: list[int] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    heap: list[int] = field(default_factory=list)
    nodes: list[int] = field(default_factory=list)

    @classmethod
    def opened(
        cls, browser: Browser, name: str, address: str, begin: datetime, wrong: int,
        turns: list[tuple[str, int]], interval: int,
    ) -> Screen:  # fmt: skip
        """A screen that is switched on at `begin`."""
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        script = CLOCK.read_text(encoding="utf-8")
        own = int(begin.timestamp() + wrong) * 1000
        context.add_init_script(
            script.replace("%BEGIN%", str(own)).replace("%WRONG%", str(wrong * 1000))
        )
        page = context.new_page()
        page.set_default_timeout(60_000)
        screen = cls(name, page, turns, wrong, interval)
        page.on("pageerror", lambda problem: screen.broken.append(f"script: {problem}"))
        context.set_extra_http_headers({"X-Soak-Now": str(int(begin.timestamp()) * 1000)})
        page.goto(address, wait_until="load")
        context.set_extra_http_headers({})
        return screen

    @property
    def now(self) -> datetime:
        """The time it really is, on this screen's page."""
        return datetime.fromtimestamp(self._ask("() => Date.now()") / 1000 - self.wrong, UTC)

    def _ask(self, script: str, given: Any = None) -> Any:
        return self.page.evaluate(script, given)

    def run(self, length: timedelta, patience: int = PATIENT) -> None:
        """Let its time run; it may put itself anew meanwhile."""
        until = self.now + length
        while (left := (until - self.now).total_seconds()) > 0.5:
            step = [min(left, 1800) * 1000, patience]
            self._ask("([length, patience]) => soak(length, patience)", step)

    def sleep(self, length: timedelta) -> None:
        """Suspended: nothing runs, and it is later all at once."""
        self._ask("length => sleepFor(length)", length.total_seconds() * 1000)

    @property
    def fresh(self) -> str:
        """What it says about its numbers: amber, red or nothing."""
        return str(self._ask("() => document.getElementById('fresh').className.slice(6)"))

    def wrong_now(self) -> list[str]:
        """What is not as it must be on a screen that hears its server."""
        now = self.now
        seen = self._ask(
            """() => ({on: [...document.querySelectorAll('.view.on')].map((e) => e.dataset.name),
              clock: document.getElementById('clock').textContent,
              held: [...document.querySelectorAll('.view')].map((e) => e.dataset.name),
              shown: document.querySelector('.view.on')?.textContent.trim().length ?? 0})"""
        )
        lengths = [seconds for name, seconds in self.turns if name in seen["held"]]
        names = [name for name, _seconds in self.turns if name in seen["held"]]
        # Its clock ticks once a second: at a turn either is right.
        right = {names[turn(lengths, now.timestamp() - back)] for back in (0.0, 1.5)}
        clocks = {
            f"{(now - timedelta(seconds=back)).astimezone(ZONE):%H:%M}" for back in (0.0, 1.5)
        }
        found = []
        if len(seen["on"]) != 1 or seen["on"][0] not in right:
            found.append(f"shows {seen['on']}, should be {sorted(right)}")
        if seen["clock"] not in clocks:
            found.append(f"its clock says {seen['clock']}, should be {sorted(clocks)}")
        if self.fresh:
            found.append(f"is {self.fresh}")
        if seen["shown"] < 20:
            found.append("shows next to nothing")
        return found

    def check(self, when: str) -> None:
        """Note what is not as it must be."""
        self.broken += [f"{when}, {self.now:%d-%m %H:%M:%S} UTC: {one}" for one in self.wrong_now()]

    def comes_back(self, when: str) -> int:
        """Seconds of its time until all is right again; noted when that takes too long."""
        for seconds in range(2 * SOON + 1):
            if not self.wrong_now():
                self.back.append(seconds)
                if seconds > SOON:
                    self.broken.append(f"{when}: back only after {seconds} s")
                return seconds
            self.run(timedelta(seconds=1))
        self.broken.append(f"{when}: not back after {2 * SOON} s: {self.wrong_now()}")
        return 2 * SOON

    def weigh(self) -> None:
        """Note how much its page holds, after the rubbish was cleared, and how often it began anew."""
        self.reloads = self._ask("() => window.begun")
        session = self.page.context.new_cdp_session(self.page)
        session.send("HeapProfiler.collectGarbage")
        self.heap.append(session.send("Runtime.getHeapUsage")["usedSize"])
        self.nodes.append(session.send("Memory.getDOMCounters")["nodes"])
        session.detach()

    def cut(self, off: bool) -> None:
        """Cut its network, or give it back."""
        self.page.context.set_offline(off)
