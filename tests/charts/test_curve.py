"""How fast cases are closed: shares in the language spoken, steps, and every point of them told."""

from itertools import pairwise

import pytest

from kpi import i18n
from kpi.charts.curve import Steps, curve
from tests.charts.svg import HOSTILE, of_class, places, read, share, tags, texts

SLOW = Steps("opened", (0.5, 2.0, 9.0), (10.0, 50.0, 90.0), "#111111")
FAST = Steps("closed", (0.5, 1.5, 8.0), (10.0, 51.0, 92.0), "#777777", dashed=True)


@pytest.mark.parametrize(("language", "half"), [("en", "50%"), ("nl", "50\u00a0%")])
def test_shares_are_written_as_the_language_does(language, half):
    with i18n.use(language):
        assert half in texts(read(curve([FAST, SLOW], 12.0)), "value")


def test_a_point_tells_its_line_and_its_days_and_round_days_are_dots():
    made = curve([Steps("o", (0.0, 0.33333, 2.0), (0, 10, 50), "#111111", key="k", dots=(2.0,))], 3)
    assert made.marks == ("k 0", "k 0.3333", "k 2", "k 3")
    kinds = [mark.get("class") for mark in of_class(read(made), "mark")]
    assert kinds == ["mark bare", "mark bare", "mark dot", "mark bare"]
    with i18n.use("en"):
        assert curve([SLOW], 12.0).said[0][1] == ("opened", "50% within 2.0\u00a0d")


def test_a_share_holds_until_the_next_day_that_is_known():
    [line] = places(read(curve([SLOW], 12.0)), "line")
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(line)), "nothing runs aslant"
    # Three shares, and on at the last one to the edge.
    assert len({y for _x, y in line}) == 3
    assert line[-1][0] == 1000


def test_the_first_day_stands_beside_the_lowest_share():
    root = read(curve([FAST, SLOW], 12.0))
    first = of_class(root, "period")[0]
    assert first.text.startswith("0")
    assert share(first.get("x")) > 0


def test_both_are_named_apart_and_only_one_is_dashed():
    root = read(curve([FAST, SLOW], 12.0))
    assert texts(root, "whose") == ["closed", "opened"]
    one, other = (float(end.get("y")) for end in of_class(root, "end"))
    assert other - one >= 16
    assert [one.tag for one in of_class(root, "dashed")] == ["polyline", "g"], "and in its key"
    assert len(places(root, "line")) == 1
    assert of_class(root, "one")[0].get("aria-label").startswith("closed: ")


def test_a_name_cannot_do_anything():
    root = read(curve([Steps(HOSTILE, (1.0,), (50.0,), "#111111")], 3))
    assert tags(root) <= {"div", "svg", "g", "text", "tspan", "line", "polyline", "circle", "rect"}
