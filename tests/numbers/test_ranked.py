"""Rows in blocks, and their numbers counted per group and kind: against a plain count."""

from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.access import EVERYTHING
from kpi.measures import KPIS
from kpi.model import Moment
from kpi.numbers import ranked
from kpi.numbers.blocks import Blocks
from kpi.numbers.by_day import ByDay
from kpi.numbers.coded import number_of
from kpi.numbers.ranked import Ranked
from kpi.periods import Period, bucket
from kpi.query.groups import key_label
from kpi.query.question import Question

VALUES = {"process": (None, "ask", "fault"), "channel": ("chat", "phone")}
FIRST = date(2025, 12, 20)
ROWS = st.lists(
    st.tuples(
        st.integers(0, 40), st.integers(0, 2), st.integers(0, 1), st.integers(0, 2),
        st.one_of(st.just(float("nan")), st.integers(0, 6).map(float)),
    ),
    max_size=40,
)  # fmt: skip
WHERE = st.sampled_from(
    [(), (("process", ("ask",)),), (("process", ("", "fault")), ("channel", ("phone",))), (("channel", ("none",)),)]
)  # fmt: skip
BY = st.sampled_from([(), ("process",), ("channel", "month"), ("week", "process"), ("day",)])


@pytest.mark.parametrize("room", [0, 1000], ids=["sorted", "counted"])
@given(rows=ROWS, where=WHERE, by=BY, since=st.integers(0, 40), days=st.integers(0, 40))
def test_it_is_a_plain_count(room, rows, where, by, since, days):
    rows = sorted(rows, key=lambda row: row[0])
    columns = [np.array([row[at] for row in rows]) for at in range(5)]
    by_day = ByDay(
        {"process": columns[1].astype(np.int16), "channel": columns[2].astype(np.int16)},
        VALUES,
        (number_of(FIRST) + columns[0]).astype(np.int32),
    )
    blocks, order = Blocks.put(by_day)
    held = Ranked.of(columns[4].astype(float)[order], columns[3].astype(np.int32)[order], 3)
    period = Period(FIRST + timedelta(days=since), FIRST + timedelta(days=since + days))
    question = Question(
        KPIS["lead_time"], period, where, by, EVERYTHING, Moment(), "Europe/Amsterdam"
    )

    expected = defaultdict(list)
    for offset, process, channel, kind, number in rows:
        day = FIRST + timedelta(days=offset)
        own = {"process": VALUES["process"][process], "channel": VALUES["channel"][channel]}
        if period.since <= day <= period.until and all(
            (own[name] or "") in values for name, values in where
        ):
            key = [own[name] if name in own else bucket(day, name) for name in by]
            expected[(*map(str, key), kind)].append(number)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranked, "_ROOM", room)
        kept = blocks.kept(question)
        number, kind, tallies, many = held.tallies(kept)
    keys = kept.groups.keys(number)
    found = {}
    for at, tally in enumerate(tallies):
        key = (*(str(keys[key_label(place)][at]) for place in range(len(by))), int(kind[at]))
        assert key not in found, "each group is told once"
        found[key] = tally.values.tolist(), tally.times.tolist(), int(many[at])
    assert found == {
        key: (
            sorted({one for one in own if one == one}),
            [float(own.count(one)) for one in sorted({one for one in own if one == one})],
            len(own),
        )
        for key, own in expected.items()
    }
