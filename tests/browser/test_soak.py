"""A short soak: the night the clock goes back, with a hang and a cut (see `make soak`)."""

from tests.soak.week import Clocked, at, begun, short, store


def test_a_night_on_the_wall(browser, tmp_path):
    server = Clocked(store(tmp_path / "store.duckdb"), tmp_path / "log")
    server.start()
    try:
        # The clock goes back at one o'clock UTC, and pages are put anew soon after.
        week = begun(browser, server, tmp_path, at("2026-10-24T23:40"), all_of_them=False)
        short(week)
    finally:
        server.stop()
    [screen] = week.screens
    assert not week.broken
    assert screen.reloads >= 1, "it was put anew in the night"
    assert screen.heap[-1] < 2 * screen.heap[0]
    assert +week.happened == {"hang": 1, "network cut": 1}
