"""Nobody finds fewer than ten by adding and subtracting what screens of several processes tell."""

from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kpi.results.apart import lump, told
from kpi.results.keys import Columns
from kpi.results.top import ranked_on_screen

PROCESSES = ("request", "information", "fault", "complaint")
COUNTS = st.dictionaries(
    st.sampled_from([*PROCESSES, None]), st.one_of(st.integers(0, 14), st.integers(0, 400))
)


def screens():
    """Every set of processes that a screen may be made for, and all."""
    yield None
    for size in range(1, len(PROCESSES) + 1):
        for some in combinations(PROCESSES, size):
            yield frozenset(some)


def derivable(parts, shown):
    """Sums that follow from what is shown: whoever sees it may add and subtract, and knows noughts.

    Each group of parts whose sum is 1 to 9 is tried against everything the shown sums span.
    """
    there = sorted(parts, key=str)
    known = [[float(seen is None or part in seen) for part in there] for seen in shown]
    known += [[float(part == other) for part in there] for other in there if parts[other] == 0]
    if not known:
        return []
    span = np.array(known)
    rank = np.linalg.matrix_rank(span)
    found = []
    for size in range(1, len(there) + 1):
        for group in combinations(there, size):
            if 0 < sum(parts[part] for part in group) < 10:
                wanted = np.array([[float(part in group) for part in there]])
                if np.linalg.matrix_rank(np.vstack([span, wanted])) == rank:
                    found.append(group)
    return found


@settings(max_examples=150, deadline=None)
@given(COUNTS)
@example({"complaint": 50, "request": 3})
@example({"complaint": 50, "request": 3, None: 8})
@example({"request": 12, "information": 11, "fault": 9})
@example({"request": 4, "information": 4, "fault": 1})
def test_no_group_of_one_to_nine_follows_from_what_screens_tell(parts):
    shown = [seen for seen in screens() if told(parts, seen) is not None]
    assert derivable(parts, shown) == []
    for seen in shown:
        assert told(parts, seen) == sum(
            n for part, n in parts.items() if seen is None or part in seen
        )


def test_the_check_itself_finds_what_can_be_subtracted():
    assert derivable({"complaint": 50, "request": 3}, [None, frozenset(["complaint"])])
    assert not derivable({"complaint": 50, "request": 3}, [None])


@pytest.mark.parametrize(
    ("parts", "together"),
    [
        ({"a": 50, "b": 12}, set()),
        ({"a": 50, "b": 0}, set()),
        ({"a": 50, "b": 3}, {"a", "b"}),
        ({"a": 50, "b": 20, "c": 3}, {"b", "c"}),
        ({"a": 50, "b": 6, "c": 7}, {"b", "c"}),
        ({"a": 50, "b": 6, "c": 7, "d": 2}, {"b", "c", "d"}),
        ({"a": 2}, {"a"}),
        ({}, set()),
    ],
)
def test_the_smallest_are_told_together(parts, together):
    assert lump(parts) == together


def columns(rows) -> Columns:
    process, reason, n, previous = zip(*rows, strict=True)
    return {
        "by_0": np.array(process, dtype=object), "by_1": np.array(reason, dtype=object),
        "n": np.array(n), "previous": np.array(previous),
    }  # fmt: skip


def test_a_ranking_tells_no_more_and_no_less():
    found = columns([
        ("complaint", "late", 50, 40), ("request", "late", 3, 40),
        ("complaint", "invoice", 30, 30), ("request", "invoice", 20, 4),
        ("complaint", "rude", 8, 0),
    ])  # fmt: skip
    everywhere = ranked_on_screen(found, 1, None)
    assert [(row.reason, row.n, row.told) for row in everywhere] == [
        ("late", 53, True), ("invoice", 50, True),
    ]  # fmt: skip
    [only] = ranked_on_screen(found, 1, frozenset(["complaint"]))
    # Late deliveries of the request process are three: 53 less 50 would tell. What was before of
    # invoices is 30 and 4: no amount, or 4 would follow.
    assert (only.reason, only.n, only.told) == ("invoice", 30, False)


def test_a_riser_is_far_more_than_its_weeks_and_its_usual_may_be_kept():
    from kpi.periods import Period
    from kpi.results.lately import risers

    until = date(2026, 3, 29)
    period = Period(date(2026, 1, 26), until)  # nine weeks
    rows = []
    for back in range(9):
        day = date.fromordinal(until.toordinal() - 7 * back)
        rows += [
            ("fault", "outage", day, 60 if back == 0 else 20 + back % 3),
            ("fault", "status", day, 30 + back % 2),
            ("complaint", "rude", day, 14 if back == 0 else 1),
            ("request", "noisy", day, 60 if back % 3 == 0 else 20),
        ]
    first = period.since
    found = risers(rows, period, first)
    assert [(one.reason, one.n, one.usual is not None) for one in found] == [
        ("outage", 60, True),
        ("rude", 14, False),  # eight in eight weeks: what is usual is not told
    ]
    assert risers(rows, period, date(2026, 3, 1)) == [], "three weeks say nothing of what is usual"
    assert [one.reason for one in risers(rows, period, first, frozenset(["complaint"]))] == ["rude"]
