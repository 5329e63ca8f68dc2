"""One makes it, the others get what there was; nobody makes it twice."""

import threading

import pytest

from kpi.web.made import Kept


def test_made_once_per_version():
    kept, made = Kept(4), []

    def make(what):
        return lambda: made.append(what) or what

    assert kept.get("a", 1, make("one")) == "one"
    assert kept.get("a", 1, make("again")) == "one"
    assert kept.get("a", 2, make("two")) == "two"
    assert kept.get("b", 1, make("other")) == "other"
    assert made == ["one", "two", "other"]


def test_what_fails_is_not_kept():
    kept = Kept(4)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", 1, lambda: 1 // 0)
    assert kept.get("a", 1, lambda: 5) == 5


def test_while_it_is_made_anew_the_others_get_what_there_was():
    kept, begun, go_on, answers = Kept(4), threading.Event(), threading.Event(), []
    kept.get("a", 1, lambda: "old")

    def slow():
        begun.set()
        assert go_on.wait(10)
        return "new"

    maker = threading.Thread(target=lambda: answers.append(kept.get("a", 2, slow)))
    maker.start()
    assert begun.wait(10)
    assert kept.get("a", 2, lambda: "twice") == "old"
    go_on.set()
    maker.join(10)
    assert answers == ["new"]
    assert kept.get("a", 2, lambda: "twice") == "new"


def test_the_first_is_waited_for():
    kept, begun, go_on, answers = Kept(4), threading.Event(), threading.Event(), []

    def slow():
        begun.set()
        assert go_on.wait(10)
        return "first"

    threads = [
        threading.Thread(target=lambda: answers.append(kept.get("a", 1, slow))) for _ in range(5)
    ]
    for one in threads:
        one.start()
    assert begun.wait(10)
    go_on.set()
    for one in threads:
        one.join(10)
    assert answers == ["first"] * 5


def test_only_so_many_are_kept():
    kept, made = Kept(2), []
    for key in ("a", "b", "c", "a"):
        kept.get(key, 1, lambda key=key: made.append(key))
    assert made == ["a", "b", "c", "a"]
