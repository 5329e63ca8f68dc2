"""What is asked once is kept while the data are the same, and not without end."""

from __future__ import annotations

from kpi.numbers.once import MOST, once


class Held:
    """A store as far as `once` knows one."""

    state = "1.1"


def test_it_is_fetched_once_until_the_data_are_others() -> None:
    store, fetched = Held(), []

    def fetch() -> int:
        fetched.append(1)
        return len(fetched)

    assert [once(store, ("a",), fetch) for _ in range(3)] == [1, 1, 1]  # type: ignore[arg-type]
    store.state = "1.2"
    assert once(store, ("a",), fetch) == 2  # type: ignore[arg-type]


def test_what_was_not_asked_for_longest_goes_first() -> None:
    store = Held()
    for number in range(MOST):
        once(store, (number,), lambda: "first")  # type: ignore[arg-type]
    once(store, (0,), lambda: "again")  # type: ignore[arg-type]
    once(store, ("one more",), lambda: "first")  # type: ignore[arg-type]
    assert once(store, (0,), lambda: "again") == "first"  # type: ignore[arg-type]
    assert once(store, (1,), lambda: "again") == "again"  # type: ignore[arg-type]


def test_what_was_fetched_while_data_came_is_not_kept() -> None:
    store = Held()

    def fetch() -> str:
        store.state = "2.1"
        return "of what came"

    assert once(store, ("a",), fetch) == "of what came"  # type: ignore[arg-type]
    assert once(store, ("a",), lambda: "new") == "new"  # type: ignore[arg-type]
