"""Our intervals and quantiles against scipy, lifelines and the worked examples of the sheet."""

import json
import math
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi import stats
from kpi.student import student_t
from kpi.tally import Tally

with warnings.catch_warnings():
    # Oracles only: what they import is not ours to mend.
    warnings.simplefilter("ignore")
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times, qth_survival_times
    from scipy import stats as scipy_stats


def examples(shared_data: Path, key: str, value: str) -> list[dict]:
    golden = json.loads((shared_data.parent / "spec" / "golden.json").read_text("utf-8"))
    return [example for example in golden if example.get(key) == value]


def test_wilson_of_the_sheet(shared_data):
    [example] = examples(shared_data, "interval", "wilson")
    for text, (low, high) in example["expect"].items():
        hits, n = map(int, text.split("/"))
        found = stats.wilson(hits, n)
        assert [100 * found[0], 100 * found[1]] == pytest.approx([low, high], abs=1e-6)


def test_newcombe_of_the_sheet(shared_data):
    for example in examples(shared_data, "effect", "proportion"):
        difference, low, high = stats.newcombe(*example["after"], *example["before"])
        expect = example["expect"]
        assert 100 * difference == pytest.approx(expect["difference"], abs=1e-6)
        assert 100 * low == pytest.approx(expect["low"], abs=1e-6)
        assert 100 * high == pytest.approx(expect["high"], abs=1e-6)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_scipys(counts):
    hits, n = counts
    expected = scipy_stats.binomtest(hits, n).proportion_ci(method="wilson")
    assert stats.wilson(hits, n) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_nothing_gives_no_interval():
    assert stats.wilson(0, 0) is None
    assert stats.newcombe(1, 2, 0, 0) is None
    assert stats.mean_interval(0, 0.0, 0.0) is None


@pytest.mark.parametrize(
    "df", [1, 2, 2.99, 3, 3.01, 4, 9, 29, 29.7, 30, 99, 1000, 99_999, 100_001, 5_000_000]
)
def test_students_t_is_scipys(df):
    assert student_t(df) == pytest.approx(scipy_stats.t.ppf(0.975, df), rel=1e-9)


@given(st.lists(st.integers(1, 10), min_size=2, max_size=60))
def test_interval_of_a_mean_is_scipys(values):
    mean, low, high = stats.mean_interval(len(values), sum(values), sum(v * v for v in values))
    error = scipy_stats.sem(values)
    assert mean == pytest.approx(np.mean(values))
    half = scipy_stats.t.ppf(0.975, len(values) - 1) * error
    assert (low, high) == pytest.approx((mean - half, mean + half), abs=1e-6)


def sums(values):
    return len(values), sum(values), sum(v * v for v in values)


# scipy warns of itself where all values are the same.
@pytest.mark.filterwarnings("ignore:Precision loss")
@given(*(st.lists(st.integers(1, 10), min_size=2, max_size=60) for _ in range(2)))
def test_difference_of_means_is_scipys(values, others):
    found = stats.welch(*sums(values), *sums(others))
    assert found[0] == pytest.approx(np.mean(values) - np.mean(others))
    if len(set(values)) == len(set(others)) == 1:
        assert all(math.isnan(bound) for bound in found[1:])
        return
    test = scipy_stats.ttest_ind(values, others, equal_var=False)
    assert found[1:] == pytest.approx(tuple(test.confidence_interval()), abs=1e-6)


def test_difference_of_means_of_next_to_nothing():
    assert stats.welch(0, 0, 0, 3, 6, 14) is None
    difference, low, _high = stats.welch(1, 8, 64, 3, 6, 14)
    assert difference == 6
    assert math.isnan(low)


def test_one_value_has_a_mean_and_no_interval():
    mean, low, high = stats.mean_interval(1, 8, 64)
    assert mean == 8
    assert math.isnan(low)
    assert math.isnan(high)


@pytest.mark.parametrize("n", [6, 7, 10, 25, 100, 501, 999, 1000])
def test_ranks_round_a_median_hold_95_percent_and_no_fewer_ranks_do(n):
    low, high = stats.median_ranks(n)
    assert low + high == n + 1

    def outside(rank):
        return 2 * scipy_stats.binom.cdf(rank - 1, n, 0.5)

    assert outside(low) <= 0.05 < outside(low + 1)


def test_ranks_of_many_values_meet_those_of_few():
    # 1,000 is the last exact one: the approximation must join it without a jump.
    exact, above = stats.median_ranks(1000), stats.median_ranks(1001)
    assert abs(exact[0] - above[0]) <= 1
    assert stats.median_ranks(5) is None


LENGTHS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 12), st.booleans()), min_size=1, max_size=60
)


def rows(drawn):
    group = np.array([row[0] for row in drawn])
    length = np.array([float(row[1]) for row in drawn])
    ended = np.array([float(row[2]) for row in drawn])
    return group, length, ended


@given(LENGTHS)
def test_quantiles_are_numpys(drawn):
    group, length, ended = rows(drawn)
    durations = stats.Durations.of(group, length, ended, 1 - ended, groups=4)
    median, p90 = stats.quantiles(durations, (0.5, 0.9))
    for number in range(4):
        own = length[(group == number) & (ended == 1)]
        expected = np.quantile(own, [0.5, 0.9]) if len(own) else [np.nan, np.nan]
        assert [median[number], p90[number]] == pytest.approx(list(expected), nan_ok=True)


@given(st.lists(st.floats(0, 1e6), min_size=6, max_size=80))
def test_interval_of_a_median_is_made_of_its_order_statistics(values):
    ordered = sorted(values)
    low, high = stats.median_interval(Tally.of(np.array(values)))
    ranks = stats.median_ranks(len(values))
    assert (low, high) == (ordered[ranks[0] - 1], ordered[ranks[1] - 1])


def test_five_values_have_no_interval():
    assert all(math.isnan(bound) for bound in stats.median_interval(Tally.of(np.arange(5.0))))


@given(LENGTHS, st.integers(1, 3))
def test_rows_in_the_order_of_their_groups_give_the_same(drawn, times):
    """There each group is sorted by itself."""
    group, length, ended = (np.tile(one, times) for one in rows(drawn))
    order = np.argsort(group, kind="stable")
    one = stats.Durations.of(group, length, ended, 1 - ended, groups=5)
    other = stats.Durations.of(
        group[order], length[order], ended[order], 1 - ended[order], groups=5
    )
    for name in ("start", "length", "events", "censored"):
        assert list(getattr(one, name)) == list(getattr(other, name)), name


@given(LENGTHS)
def test_lengths_apart_give_the_same_as_one_by_one(drawn):
    group, length, ended = rows(drawn)
    one = stats.Durations.of(group, length, ended, 1 - ended, groups=5)
    other = stats.Durations.apart(
        *([Tally.of(length[(group == own) & (ended == how)]) for own in range(5)] for how in (1, 0))
    )
    for name in ("start", "length", "events", "censored"):
        assert list(getattr(one, name)) == list(getattr(other, name)), name


@given(LENGTHS)
def test_kaplan_meier_is_lifelines(drawn):
    group, length, ended = rows(drawn)
    durations = stats.Durations.of(group, length, ended, 1 - ended, groups=4)
    curve = stats.kaplan_meier(durations)
    median, p90 = curve.reached(0.5), curve.reached(0.1)
    low, high = curve.reached_interval(0.5)
    for number in range(4):
        mask = group == number
        if not mask.any():
            assert math.isnan(median[number])
            continue
        fitter = KaplanMeierFitter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitter.fit(length[mask], ended[mask])
            band = median_survival_times(fitter.confidence_interval_)
            expected = [
                float(qth_survival_times(share, fitter.survival_function_)) for share in (0.5, 0.1)
            ]
        part = slice(durations.start[number], durations.start[number + 1])
        at = durations.length[part]
        assert curve.share[part] == pytest.approx(
            fitter.survival_function_at_times(at).to_numpy(), abs=1e-9
        )
        theirs = fitter.confidence_interval_.loc[at].to_numpy()
        ours = np.column_stack([curve.low[part], curve.high[part]])
        defined = curve.share[part] > 0
        assert ours[defined] == pytest.approx(theirs[defined], abs=1e-9)
        close = np.isclose(curve.share[part], 0.5) | np.isclose(curve.share[part], 0.1)
        if not close.any():  # there, rounding decides in lifelines
            found = [median[number], p90[number]]
            assert [math.inf if math.isnan(value) else value for value in found] == expected
        if defined.all() and not np.isclose(ours, 0.5).any():
            bounds = [low[number], high[number]]
            assert [math.inf if math.isnan(b) else b for b in bounds] == list(band.iloc[0])


def test_a_share_of_exactly_half_is_reached():
    durations = stats.Durations.of(np.zeros(10, dtype=np.int64), np.arange(1.0, 11.0), np.ones(10))
    curve = stats.kaplan_meier(durations)
    assert curve.reached(0.5)[0] == 5
    assert curve.reached(0.1)[0] == 9


def test_equal_lengths_may_come_counted_or_one_by_one():
    once = stats.Durations.of(
        np.array([0, 0]), np.array([1.0, 2.0]), np.array([3.0, 1.0]), np.array([0.0, 2.0])
    )
    apart = stats.Durations.of(
        np.zeros(6, dtype=np.int64),
        np.array([2.0, 1, 1, 2, 1, 2]),
        np.array([1.0, 1, 1, 0, 1, 0]),
        np.array([0.0, 0, 0, 1, 0, 1]),
    )
    assert stats.kaplan_meier(once).share == pytest.approx(stats.kaplan_meier(apart).share)
    assert stats.quantiles(once, (0.5,))[0] == stats.quantiles(apart, (0.5,))[0]


@given(st.lists(st.floats(-1e6, 1e6), max_size=40), st.floats(0, 1))
def test_quantile_of_one_array_is_numpys(values, share):
    [found] = stats.plain_quantiles(np.array(sorted(values)), (share,))
    expected = np.quantile(values, share) if values else math.nan
    assert found == pytest.approx(expected, nan_ok=True, abs=1e-6)
