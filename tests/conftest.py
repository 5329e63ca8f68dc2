"""What all tests share: a store of their own, the public files, a browser."""

import gc
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from kpi.charts.drawing import Drawing
from tools import browser

ROOT = Path(__file__).resolve().parent.parent
# Under CI a test that cannot get what it needs fails: a skip there would hide it.
CI = os.environ.get("CI", "").lower() not in {"", "0", "false"}

settings.register_profile(
    "default", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True)
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if CI else "default"))


# A small store is served best by one processor: several wait for each other, and the workers of
# the tests keep all of them busy. `bench` measures with all.
os.environ.setdefault("KETENZICHT_THREADS", "1")


def need(reason: str) -> None:
    """Ends a test that lacks something: a failure under CI, elsewhere a skip."""
    if CI:
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks a test by what it asks for."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "shared_data" in fixtures:
            item.add_marker(pytest.mark.shared)
        if "chromium_path" in fixtures:
            item.add_marker(pytest.mark.browser)


class ByModule(LoadScopeScheduling):
    """Keeps together, on one worker, what shares something dear.

    A module's tests stay together: what it makes once is then made once, not once per worker. The
    browser's modules are one: they share one server and one browser. (pytest-xdist's own groups
    are names that it hangs on node ids, which pytest 9.2 no longer lets it do.)
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.split("::", 1)[0]
        in_browser = module.startswith("tests/browser/") or module == "tests/test_app.py"
        return "browser" if in_browser else module


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByModule:
    """Hands out tests by module."""
    return ByModule(config, log)


def _checked(made: Callable[[Drawing], go.Figure]) -> Callable[[Drawing], go.Figure]:
    """As `Drawing.made`, but checked by plotly: ValueError for what it does not know, and what it
    would put in other words is not what the browser is sent."""

    def found(drawing: Drawing) -> go.Figure:
        checked = go.Figure(drawing.traces, drawing.layout)
        sent, known = (json.loads(one.to_json(validate=False)) for one in (made(drawing), checked))
        for part in (sent, known):
            # What is empty is left out, and so is the template that a bare figure gets.
            part["layout"] = {k: v for k, v in part["layout"].items() if v and k != "template"}
        assert sent == known
        return checked

    return found


# A figure that is shown is not checked: that costs as much as all the rest of it.
Drawing.made = _checked(Drawing.made)  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches the store somebody works with, not even one that forgets to say which."""
    for name in list(os.environ):
        if name.startswith("KETENZICHT_") and name not in {
            "KETENZICHT_SHARED",
            "KETENZICHT_CHROMIUM",
            "KETENZICHT_THREADS",
        }:
            monkeypatch.delenv(name)
    monkeypatch.setenv("KETENZICHT_DATABASE_URL", f"duckdb:///{tmp_path / 'store.duckdb'}")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the public files that lie beside the project.

    Without it a test is skipped, unless KETENZICHT_SHARED says where it is: then
    it must be there.
    """
    named = os.environ.get("KETENZICHT_SHARED")
    folder = (Path(named) if named else ROOT.parent / "shared") / "data"
    if not folder.is_dir():
        if named:
            pytest.fail(f"KETENZICHT_SHARED is {named}, and there is no folder data in it")
        pytest.skip("The public files are not here; KETENZICHT_SHARED may say where they are.")
    return folder


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser to drive: give it to Playwright as `executable_path`."""
    found = browser.find()
    if found is None:
        need(browser.NONE_FOUND)
    assert found is not None
    return found


def pytest_collection_finish() -> None:
    """What is imported by now stays: no full collection walks through it, as the application's do not."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
