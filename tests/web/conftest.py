"""Our own routes, asked as a browser asks them, over a store with complaints in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from kpi.web import running, walls
from kpi.web.routes import routes
from tests.measures.world import world


def complaints(reason: str | None, count: int, day: str, start: int = 0) -> list[dict[str, object]]:
    """Complaint cases of one reason, opened on one day."""
    return [
        {
            "case_id": f"{reason}-{day}-{start + i}",
            "process": "complaint",
            "reason": reason,
            "opened_at": f"{day} 09:{i % 60:02d}",
            "status": "open",
            "customer_id": f"K-{i}",
        }
        for i in range(count)
    ]


CASES = [
    *complaints("late_delivery", 26, "2026-03-27"),
    *complaints("late_delivery", 40, "2026-03-10"),
    *complaints("invoice_wrong", 12, "2026-03-26"),
    *complaints("invoice_wrong", 88, "2026-03-11"),
    *complaints("broken_promise", 11, "2026-03-27"),
    *complaints("broken_promise", 4, "2026-03-12"),
    *complaints("treatment", 9, "2026-03-26"),
    *complaints("<b>mevr. Jansen</b>", 15, "2026-03-25"),
    *complaints(None, 10, "2026-03-28"),
    # Before all weeks that are compared: the data do not begin there.
    *complaints("treatment", 1, "2026-02-02"),
]
ACTIONS = [
    {
        "action": "A-1",
        "valid_from": date(2026, 1, 1),
        "title": "Bel mevr. De Vries terug",
        "reason": "late_delivery",
        "department": "logistics",
        "owner": "Piet Pietersen",
        "state": "running",
        "stops_on": date(2026, 7, 10),
    },
    {
        "action": "A-2",
        "valid_from": date(2026, 1, 1),
        "title": "Typ iets",
        "reason": "invoice_wrong",
        "department": "Team van Kees",
        "state": "running",
    },
]
UNTIL = "2026-03-31 23:59"


@contextmanager
def serving(
    tables: dict[str, list[dict[str, object]]], as_of: str | None, folder: Path
) -> Iterator[TestClient]:
    """Our routes over a store of its own; the server's clock stands a few hours after the data."""
    moment = datetime(2026, 4, 1, 6, tzinfo=UTC).timestamp()
    with (
        pytest.MonkeyPatch.context() as patched,
        world(tables, as_of, folder, configuration={"actions": ACTIONS}) as store,
    ):
        patched.setattr(walls, "clock", lambda: moment)
        running.attach(store)
        try:
            yield TestClient(Starlette(routes=routes()))
        finally:
            running.attach(None)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Late deliveries rising, invoices falling, a few about treatment, one that nobody knows.

    Shared by a module: a test that changes the store asks for `own_client`.
    """
    with serving({"cases": CASES}, UNTIL, tmp_path_factory.mktemp("walls")) as found:
        yield found


@pytest.fixture
def own_client(tmp_path: Path) -> Iterator[TestClient]:
    """The same, to change."""
    before = running.now()
    with serving({"cases": CASES}, UNTIL, tmp_path) as found:
        yield found
    running.attach(before)


@pytest.fixture
def empty_client(tmp_path: Path) -> Iterator[TestClient]:
    """Over a store with nothing loaded."""
    before = running.now()
    with serving({}, None, tmp_path) as found:
        yield found
    running.attach(before)
