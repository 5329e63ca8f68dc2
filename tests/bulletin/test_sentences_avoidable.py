"""What is said of avoidable contacts claims a rise only where there is one."""

import pytest

from kpi import stats
from kpi.bulletin import sentences_avoidable as sentences
from kpi.bulletin.sentences_avoidable import Share, none_of, surges
from kpi.i18n import use
from kpi.model import Result


def share(hits, n, **extras):
    low, high = stats.wilson(hits, n)
    return Result("x", {}, 100 * hits / n, 100 * low, 100 * high, hits, n, n, extras=extras)


def cause(name, title, now, before, department=""):
    return Share(
        name, title, share(*now), share(*before) if before else None, department=department
    )


def title(now, before, causes=(), process="", earlier="mei–jul 2026"):
    with use("nl"):
        return sentences.title(
            "Onnodige contacten", process, now, before, earlier, causes
        ).replace("\u00a0", " ")  # fmt: skip


LETTER = cause("letter", "Brief onduidelijk", (500, 2700), (60, 1800), "Communicatie")
REPEAT = cause("repeat", "Overig herhaalverkeer", (560, 2700), (400, 1800), "Klantenservice")
UNKNOWN = cause(None, "onbekend", (1640, 2700), (1340, 1800))


def test_a_rise_that_is_real_names_what_pulled_it():
    said = title(share(2700, 10000), share(1800, 10000), [REPEAT, UNKNOWN, LETTER])
    assert said == (
        "27 % van de contacten was onnodig, 9 punten hoger dan in mei–jul 2026; "
        "vooral brief onduidelijk (Communicatie)"
    )


def test_what_is_not_known_pulls_nothing():
    said = title(share(2700, 10000), share(1800, 10000), [UNKNOWN])
    assert said.endswith("9 punten hoger dan in mei–jul 2026")


def test_a_fall_names_what_became_less():
    before = cause("letter", "Brief onduidelijk", (60, 1800), (500, 2700), "Communicatie")
    said = title(share(1800, 10000), share(2700, 10000), [before])
    assert "9 punten lager dan in mei–jul 2026; grootste daling: brief onduidelijk" in said


def test_what_may_be_chance_is_not_called_a_rise():
    said = title(share(30, 100), share(25, 100), [])
    assert "meer" not in said
    assert "niet aantoonbaar anders dan mei–jul 2026" in said


def test_what_moved_within_an_equal_share_is_told():
    moved = cause("letter", "Brief onduidelijk", (500, 2700), (60, 2700), "Communicatie")
    said = title(share(2700, 10000), share(2700, 10000), [REPEAT, moved])
    assert said.endswith("brief onduidelijk (Communicatie) ging van 2 % naar 19 % daarvan")


def test_without_movement_the_largest_is_told():
    same = cause("repeat", "Overig herhaalverkeer", (560, 2700), (560, 2700), "Klantenservice")
    said = title(share(2700, 10000), share(2700, 10000), [same])
    assert said.endswith("; vooral overig herhaalverkeer (Klantenservice)")


@pytest.mark.parametrize("now", [None, Result("x", {}, None), share(3, 9)])
def test_too_few_is_no_fact(now):
    assert title(now, share(20, 100)) == "Onnodige contacten"


def test_without_comparison_no_change_is_told():
    assert title(share(27, 100), None, [], "Storingen", "") == (
        "Storingen: 27 % van de contacten was onnodig"
    )


def test_a_share_moved_only_beyond_chance():
    assert LETTER.moved == 1
    assert cause("a", "A", (20, 100), (18, 100)).moved == 0
    assert cause("a", "A", (100, 1000), (300, 1000)).moved == -1
    assert cause("a", "A", (9, 1000), (0, 1000)).moved == 0, "fewer than ten tell nothing"
    assert Share("a", "A", share(90, 100)).moved == 0


def test_what_does_not_occur_has_an_interval():
    none = none_of(share(5, 200))
    assert (none.value, none.numerator, none.n) == (0.0, 0, 200)
    assert none.high == pytest.approx(100 * stats.wilson(0, 200)[1])
    assert none_of(Result("x", {}, None)).value is None


def test_only_known_causes_of_ten_or_more_are_ranked():
    few = cause("few", "Weinig", (9, 2700), None)
    assert sentences.ranked([UNKNOWN, few, LETTER, REPEAT]) == [REPEAT, LETTER]


def test_a_pareto_tells_the_few_that_make_half_and_what_is_unknown():
    big = cause("a", "Alfa", (60, 100), (50, 100))
    small = cause("b", "Beta", (28, 100), (38, 100))
    none = cause(None, "onbekend", (12, 100), (12, 100))
    with use("nl"):
        said = sentences.of_pareto([big, small, none], "mei 2026").replace("\u00a0", " ")
        few = sentences.of_pareto([cause("a", "Alfa", (3, 5), None)], "")
    assert said.startswith("60 % van de onnodige contacten: alfa. Van 12 % is de oorzaak")
    assert "Het streepje is het aandeel in mei 2026." in said
    assert few == "Te weinig onnodige contacten om oorzaken te rangschikken."


WEEKS = [f"2026-W{week:02d}" for week in range(10, 36)]


def test_a_surge_is_found_where_it_is():
    totals = dict.fromkeys(WEEKS, 100)
    counts = {
        "letter": {week: 40 if week in {"2026-W29", "2026-W30", "2026-W31"} else 4 for week in WEEKS},
        "repeat": dict.fromkeys(WEEKS, 20),
    }  # fmt: skip
    [found] = surges(WEEKS, counts, totals, WEEKS[13:])
    assert (found.cause, found.first, found.last) == ("letter", "2026-W29", "2026-W31")
    assert (found.share, found.usual, found.contacts) == (40.0, 4.0, 120)
    with use("nl"):
        named = "brief onduidelijk (Communicatie)"
        said = sentences.of_surge(found, named, "voorbij sinds wk 32").replace("\u00a0", " ")
    assert said == (
        "wk 29–31: brief onduidelijk (Communicatie) 120 contacten, 40 % van de onnodige, "
        "anders 4 %; voorbij sinds wk 32"
    )


def test_a_surge_before_the_period_is_not_told():
    counts = {"letter": {week: 40 if week == "2026-W12" else 4 for week in WEEKS}}
    assert not surges(WEEKS, counts, dict.fromkeys(WEEKS, 100), WEEKS[13:])


def test_a_share_that_rose_because_others_fell_is_no_surge():
    # Twenty a week throughout; for some weeks nearly all else stays away.
    totals = {week: 40 if week in WEEKS[20:23] else 200 for week in WEEKS}
    assert not surges(WEEKS, {"repeat": dict.fromkeys(WEEKS, 20)}, totals, WEEKS[13:])


def test_chance_is_no_surge():
    counts = {"letter": {week: 8 + i % 5 for i, week in enumerate(WEEKS)}}
    assert not surges(WEEKS, counts, dict.fromkeys(WEEKS, 100), WEEKS)
    assert not surges([], {}, {}, [])


def test_cost_says_what_is_not_in_it():
    with use("nl"):
        assert "90" in sentences.of_cost(share(5, 10, costed=90.2))
        assert not sentences.of_cost(share(5, 10, costed=100.0))
        assert not sentences.of_cost(None)
