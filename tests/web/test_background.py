"""Tasks of the running application: each is looked at, and one that fails stops no other."""

import threading
from types import SimpleNamespace

from kpi.i18n import language
from kpi.web import background
from kpi.web.background import Background, Task

STORE = SimpleNamespace(settings=SimpleNamespace(language="nl"))


def test_every_task_is_looked_at_again_and_again_in_the_language_of_the_installation():
    seen: list[str] = []
    thrice = threading.Event()

    def run(store: object) -> None:
        assert store is STORE
        seen.append(language())
        if len(seen) == 3:
            thrice.set()

    with Background(STORE, [Task("often", 0.001, run)]):
        assert thrice.wait(30)
    after = len(seen)
    assert set(seen) == {"nl"}
    assert not any(one.name == "often" for one in threading.enumerate())
    assert len(seen) == after, "nothing runs after it was closed"


def test_a_task_that_fails_is_told_tried_again_and_stops_no_other(caplog):
    tried, other = threading.Event(), threading.Event()
    times: list[int] = []

    def fails(_store: object) -> None:
        times.append(1)
        if len(times) > 1:
            tried.set()
        raise OSError("no route")

    with Background(
        STORE, [Task("fails", 0.001, fails), Task("works", 60, lambda _store: other.set())]
    ):
        assert tried.wait(30)
        assert other.wait(30)
    assert "the task fails ended unexpectedly" in caplog.text
    found = background.last("fails")
    assert found is not None
    assert found.problem == "no route"
    assert background.last("nobody") is None


def test_a_store_closed_under_a_task_is_no_news(caplog):
    def closed(_store: object) -> None:
        raise OSError("closed")

    background.look(STORE, Task("late", 1, closed), ended=lambda: True)
    assert not caplog.text
    assert background.last("late") is None
