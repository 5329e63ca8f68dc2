"""What became of a number after an action: the verdict, its interval, and what else may have done it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from scipy import stats as scipy_stats

from kpi.bulletin import sentences_effect
from kpi.i18n import use
from kpi.measures import KPIS
from kpi.model import Result
from kpi.numbers import Verdict, effect_of
from kpi.results.effect import BAD_PEAK, OVERLAP, SEASON, difference
from tests.measures.world import world

START = date(2025, 6, 2)  # a Monday
WEEK = timedelta(days=7)


def contacts(shares, first=START - 8 * WEEK, per_week=40):
    """Forty answered contacts a week; of each week the share (of ten) that was unnecessary."""
    rows = []
    for week, unnecessary in enumerate(shares):
        for i in range(per_week):
            day = first + week * WEEK + timedelta(days=i % 5)
            rows.append(
                {
                    "contact_id": f"{first}-{week}-{i}", "customer_id": f"{first}-{week}-{i}",
                    "process": "request", "direction": "in", "channel": "phone",
                    "started_at": f"{day} 10:{i:02d}", "answered_at": f"{day} 10:{i:02d}",
                    "category": "unnecessary" if i % 10 < unnecessary else "valuable",
                }
            )  # fmt: skip
    return rows


def action(**more):
    return {
        "action": "A-1", "process": "request", "kpi": "avoidable", "direction": "down",
        "starts_on": START, "stops_on": None, **more,
    }  # fmt: skip


def made(folder, name):
    (folder / name).mkdir()
    return folder / name


def judged(tmp_path, shares, others=(), earlier=(), **more):
    rows = [*contacts(shares), *contacts(earlier, START - timedelta(days=364) - 8 * WEEK)]
    last = START + (len(shares) - 8) * WEEK
    with world({"contacts": rows}, f"{last} 00:30", tmp_path) as store:
        return effect_of(store, action(**more), others)


def test_a_share_that_fell_is_better_where_down_is_wanted(tmp_path):
    found = judged(tmp_path, [4] * 8 + [2] * 8)
    assert (found.verdict, found.weeks, found.warnings) == (Verdict.BETTER, 8, ())
    assert (found.before.value, found.after.value) == (40, 20)
    assert (found.before.n, found.after.n) == (320, 320)
    assert found.difference == pytest.approx(-20)
    # Newcombe's method 10 from Wilson's intervals, by scipy.
    first = scipy_stats.binomtest(64, 320).proportion_ci(method="wilson")
    other = scipy_stats.binomtest(128, 320).proportion_ci(method="wilson")
    low = -0.2 - ((0.2 - first.low) ** 2 + (other.high - 0.4) ** 2) ** 0.5
    assert found.low == pytest.approx(100 * low)
    assert found.high < 0


def test_the_same_is_worse_where_up_is_wanted(tmp_path):
    assert judged(tmp_path, [4] * 8 + [2] * 8, direction="up").verdict is Verdict.WORSE


def test_without_a_direction_the_kpi_says_which_way_is_good(tmp_path):
    assert judged(tmp_path, [2] * 8 + [4] * 8, direction=None).verdict is Verdict.WORSE


def test_what_may_be_chance_is_not_demonstrable(tmp_path):
    found = judged(tmp_path, [4] * 8 + [4, 4, 4, 4, 4, 4, 3, 4])
    assert found.verdict is Verdict.NOT_SHOWN
    assert found.low < 0 < found.high


def test_less_than_four_weeks_or_too_few_rows_is_too_early(tmp_path):
    assert judged(tmp_path, [4] * 8 + [2] * 3).verdict is Verdict.EARLY
    with world({"contacts": contacts([4] * 16, per_week=2)}, "2025-08-01 00:30", tmp_path) as store:
        assert effect_of(store, action()).verdict is Verdict.EARLY


def test_it_ends_when_the_action_does(tmp_path):
    found = judged(tmp_path, [4] * 8 + [2] * 5 + [9] * 3, stops_on=START + 5 * WEEK)
    assert found.weeks == 5
    assert found.after.value == 20


def test_while_it_runs_what_is_found_is_provisional(tmp_path):
    weekly = [4] * 8 + [2] * 8
    running = judged(made(tmp_path, "a"), weekly)
    assert running.provisional
    with use("nl"):
        assert "voorlopig" in sentences_effect.effect(running).under
    over = judged(made(tmp_path, "b"), weekly, stops_on=START + 5 * WEEK)
    assert not over.provisional
    later = judged(made(tmp_path, "c"), weekly, stops_on=START + 90 * WEEK)
    assert later.provisional


def test_whether_it_came_to_its_aim_is_said_in_words(tmp_path):
    over = judged(tmp_path, [4] * 8 + [2] * 8, stops_on=START + 5 * WEEK)
    with use("en"):
        for target, said in ((20.0, "aim of 20% reached"), (19.0, "aim of 19% not reached")):
            row = action(target=target)
            assert sentences_effect.effect(over, row=row).under.startswith(said)
        still = sentences_effect.reached(replace(over, provisional=True), action(target=19.0))
        assert still == "aim of 19% not reached yet"
        assert sentences_effect.reached(over, action(target=19.0, direction="up")) == (
            "aim of 19% reached"
        )
        assert sentences_effect.reached(over, action(target=None)) == ""


@pytest.mark.parametrize(
    "more",
    [
        {"kpi": None},
        {"kpi": "no_such"},
        {"kpi": "backlog"},
        {"starts_on": None},
        {"starts_on": date(2026, 1, 1)},
    ],
)
def test_what_cannot_be_judged_is_not(tmp_path, more):
    assert judged(tmp_path, [4] * 8 + [2] * 8, **more) is None


def test_without_data_there_is_nothing_to_judge(tmp_path):
    with world({}, None, tmp_path) as store:
        assert effect_of(store, action()) is None


def test_a_start_after_a_bad_peak_is_told(tmp_path):
    # Usual 2, a peak of 6 just before it begins, and back to 2: nothing was done.
    rows = contacts([2] * 8 + [6] * 8 + [2] * 8, START - 16 * WEEK)
    with world({"contacts": rows}, f"{START + 8 * WEEK} 00:30", tmp_path) as store:
        found = effect_of(store, action())
    assert found.verdict is Verdict.BETTER
    assert BAD_PEAK in found.warnings


def test_what_happens_every_year_is_told(tmp_path):
    found = judged(tmp_path, [4] * 8 + [2] * 8, earlier=[4] * 8 + [2] * 8)
    assert SEASON in found.warnings


def test_an_action_beside_it_is_told(tmp_path):
    beside = action(action="A-2", starts_on=START + WEEK)
    elsewhere = action(action="A-3", process="fault", starts_on=START + WEEK)
    long_ago = action(action="A-4", starts_on=START - 30 * WEEK)
    own = action()
    assert judged(tmp_path, [4] * 8 + [2] * 8, [own, elsewhere, long_ago]).warnings == ()
    (tmp_path / "again").mkdir()
    found = judged(tmp_path / "again", [4] * 8 + [2] * 8, [own, beside])
    assert found.warnings == (OVERLAP,)


def test_means_differ_as_scipy_says():
    before, after = [6, 7, 8, 9, 10, 7, 7], [8, 9, 9, 10, 7, 9, 9, 10]

    def result(values):
        mean = sum(values) / len(values)
        half = scipy_stats.t.ppf(0.975, len(values) - 1) * scipy_stats.sem(values)
        return Result("grade", {}, mean, mean - half, mean + half, n=len(values))

    found = difference(KPIS["grade"], result(before), result(after))
    expected = scipy_stats.ttest_ind(after, before, equal_var=False).confidence_interval()
    assert found[1:] == pytest.approx(tuple(expected), abs=1e-6)
