"""Finds a Chromium for the browser tests, and installs one where there is none.

In this order: the one named by KETENZICHT_CHROMIUM, an installed Chromium or
Chrome, Playwright's own download, Debian's package when we may install it.
`python -m tools.browser` says which it is; it ends well also when there is
none, for the tests themselves say so (and fail with it under CI).
"""

import os
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "microsoft-edge-stable",
)
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
NONE_FOUND = (
    "No browser to test with: install Chromium (Debian: `apt-get install chromium`; "
    "elsewhere: `.venv/bin/python -m playwright install chromium`), or name one in "
    "KETENZICHT_CHROMIUM."
)
DOWNLOAD_SECONDS = 300


def find() -> Path | None:
    """The browser to use, or None."""
    named = os.environ.get("KETENZICHT_CHROMIUM")
    if named:
        return Path(named) if Path(named).exists() else None
    installed = (shutil.which(name) for name in NAMES)
    # Playwright is asked last, and only then: it cannot be while it drives a browser.
    for candidate in chain(installed, MAC, (own() for own in (_playwrights_own,))):
        if candidate and Path(candidate).exists():
            return Path(candidate)
    return None


def install() -> None:
    """Tries Playwright's download, then Debian's package; says nothing of success."""
    if _runs([sys.executable, "-m", "playwright", "install", "chromium"]) and find():
        return
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    _runs([apt, "update", "-qq"])
    _runs([apt, "install", "-qq", "-y", "--no-install-recommends", "chromium"])


def _playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _runs(command: list[str]) -> bool:
    # Its output goes to standard error: a download says how far it is.
    try:
        done = subprocess.run(command, stdout=sys.stderr, timeout=DOWNLOAD_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def main() -> None:
    """`python -m tools.browser`."""
    if find() is None:
        install()
    found = find()
    print(f"Browser tests use {found}." if found else NONE_FOUND, file=sys.stderr)


if __name__ == "__main__":
    main()
