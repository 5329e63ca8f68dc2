"""The simulated week: what happens when, to which screens, and what came of it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.serving import Server
from tests.measures.world import world
from tests.soak.screen import HUNG, Screen
from tests.web.conftest import ACTIONS, CASES, UNTIL

HOUR = timedelta(hours=1)
WARM = timedelta(minutes=30)
TURNS = [("complaints", 30), ("outages", 15), ("scoreboard", 20)]
ADDRESS = "/wall/complaints:30,outages:15,scoreboard:20?lang=nl&refresh=60"


class Clocked(Server):
    """The application with a clock that whoever asks tells it."""

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "tests.soak.app", str(self.port)]


@dataclass
class Week:
    """What happened, and to whom."""

    server: Clocked
    screens: list[Screen]
    folder: Path
    happened: Counter[str] = field(default_factory=Counter)
    lasted: timedelta = timedelta()
    loads: int = 0
    say: Callable[[str], None] = print

    @property
    def broken(self) -> list[str]:
        """Everything that was not as it must be."""
        return [f"{one.name}: {what}" for one in self.screens for what in one.broken]

    def quiet(self, length: timedelta) -> None:
        """Nothing happens: the first screen runs, the others are suspended and wake up."""
        begun = time.monotonic()
        first, *others = self.screens
        left = length
        while left > timedelta():
            step = min(left, 6 * HOUR)
            first.run(step)
            first.check("in quiet")
            left -= step
        for one in others:
            one.sleep(length)
            one.run(timedelta(seconds=1))
            one.comes_back("after a suspend")
        self.happened["suspend"] += len(others)
        self.lasted += length
        self.say(f"  {length} of quiet in {time.monotonic() - begun:.0f} s")

    def hang(self, length: timedelta) -> None:
        """The server is there and does not answer."""
        self.server.pause()
        for one in self.screens:
            self._unheard(one, length)
        self.server.resume()
        self._back("hang", length)

    def cut(self, length: timedelta) -> None:
        """No network."""
        for one in self.screens:
            one.cut(True)
            self._unheard(one, length)
            one.cut(False)
        self._back("network cut", length)

    def restart(self, length: timedelta) -> None:
        """The server is killed, and is there again."""
        self.server.stop(signal.SIGKILL)
        for one in self.screens:
            self._unheard(one, length)
        self.server.start()
        self._back("restart", length)

    def tick(self) -> None:
        """New data: every screen shows them."""
        self.loads += 1
        path = self.folder / f"tick-{self.loads}.csv"
        rows = ["case_id;process;reason;opened_at;status"]
        rows += [
            f"tick-{self.loads}-{i};complaint;late_delivery;2026-03-27 10:{i:02d};open"
            for i in range(15)
        ]
        # The extract ends when the first one did: its days stay the ones that are compared.
        rows.append(f"tick-{self.loads};complaint;treatment;2026-03-31 23:59;open")
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "kpi", "load", "--table", "cases", str(path)],
            env=self.server.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        wanted = str(26 + 15 * self.loads)
        for one in self.screens:
            one.run(timedelta(minutes=2))
            shown = one.page.locator(".lines .n").first.text_content()
            if shown != wanted:
                one.broken.append(f"after new data it shows {shown}, should be {wanted}")
            one.check("after new data")
        self.happened["new data"] += 1
        self.lasted += timedelta(minutes=2)

    def weigh(self) -> None:
        """Weigh every page."""
        for one in self.screens:
            one.weigh()

    def _unheard(self, one: Screen, length: timedelta) -> None:
        """Hearing nothing it goes amber after two intervals, red after five; the view stays."""
        before = one.page.locator(".lines").inner_html()
        early = timedelta(seconds=2.5 * one.interval)
        one.run(early, HUNG)
        if one.fresh != "amber":
            one.broken.append(f"{early} without an answer and {one.fresh or 'nothing'}, not amber")
        one.run(length - early, HUNG)
        if one.fresh != "red":
            one.broken.append(f"{length} without an answer and {one.fresh or 'nothing'}, not red")
        if one.page.locator(".lines").inner_html() != before:
            one.broken.append("the last good numbers were lost")

    def _back(self, what: str, length: timedelta) -> None:
        took = [one.comes_back(f"after a {what}") for one in self.screens]
        self.happened[what] += 1
        self.lasted += length
        self.say(f"  {what} of {length}: back after {max(took)} s at most")


def store(path: Path) -> Path:
    """A store with complaints, an outage that ends meanwhile, and a screen that was made."""
    announcements = [
        {
            "announcement": "storing", "valid_from": date(2026, 1, 1), "kind": "outage",
            "title_nl": "Warmtestoring", "starts_at": datetime(2026, 3, 27, 10, 0),
            "ends_at": datetime(2026, 10, 24, 20, 0),
        }
    ]  # fmt: skip
    screens = [
        {
            "screen": "hal", "valid_from": date(2026, 1, 1), "language": "en", "theme": "light",
            "views": ",".join(f"{name}:{seconds}" for name, seconds in TURNS),
        }
    ]  # fmt: skip
    configuration = {"actions": ACTIONS, "announcements": announcements, "screens": screens}
    world({"cases": CASES}, UNTIL, path.parent, configuration=configuration).close()
    return path


def begun(
    browser: Browser, server: Clocked, folder: Path, begin: datetime, *, all_of_them: bool
) -> Week:
    """A week that is about to begin."""
    screens = [Screen.opened(browser, "by address", server.url + ADDRESS, begin, 0, TURNS, 60)]
    if all_of_them:
        screens += [
            Screen.opened(
                browser,
                "with a wrong clock",
                server.url + ADDRESS,
                begin,
                -56 * 365 * 86400,
                TURNS,
                60,
            ),
            Screen.opened(
                browser, "by name", f"{server.url}/wall/screen/hal", begin, 37, TURNS, 30
            ),
        ]
    week = Week(server, screens, folder)
    # Weighed when everything was done once: what looks on puts its own scripts into the page too.
    week.quiet(WARM)
    for one in screens:
        one.page.locator(".lines").inner_html()
    week.weigh()
    return week


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def whole(week: Week) -> None:
    """Seven days: the spring switch, the autumn switch and New Year, with the months slept through."""
    minutes = timedelta(minutes=1)
    for title, hours, until in (
        ("28-30 March: the clock goes forward", 48, "2026-10-24T06:00"),
        ("24-26 October: the clock goes back", 48, "2026-12-30T12:00"),
        ("30 December - 2 January: New Year", 72, ""),
    ):
        week.say(title)
        day = timedelta(hours=hours) / 4
        week.hang(12 * minutes)
        week.quiet(day)
        week.tick()
        week.restart(10 * minutes)
        week.quiet(day)
        week.cut(20 * minutes)
        week.quiet(day)
        week.restart(8 * minutes)
        week.quiet(day)
        week.hang(15 * minutes)
        week.weigh()
        if until:
            for one in week.screens:
                one.sleep(at(until) - one.now)
                one.run(timedelta(seconds=1))
                one.comes_back("after months of sleep")
            week.happened["suspend"] += len(week.screens)


def short(week: Week) -> None:
    """One night, that of the autumn switch, with one of each."""
    week.say = lambda _text: None
    week.hang(timedelta(minutes=6))
    week.quiet(timedelta(hours=2))
    week.cut(timedelta(minutes=6))
    week.weigh()
