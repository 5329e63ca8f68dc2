"""Where an alert stands: told once, not for a flicker, recovered only beyond the band."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.alerts import looking, outbox
from kpi.alerts.machine import Phase, Seen, Standing, judged, run, step
from kpi.alerts.rules import Rule

FIRST = date(2026, 3, 2)
#: Per day: cannot be judged, breach, within the band, clear.
KINDS = {"?": (None, False), "x": (True, False), "~": (False, False), ".": (False, True)}


def days(text: str) -> list[Seen]:
    return [Seen(FIRST + timedelta(days=place), *KINDS[kind]) for place, kind in enumerate(text)]


def told(text: str, pending: int = 1) -> str:
    """F where it fires, R where it recovers."""
    made = [" "] * len(text)
    for news in run(Standing(), days(text), pending)[1]:
        made[(news.seen.day - FIRST).days] = "R" if news.recovered else "F"
    return "".join(made)


@pytest.mark.parametrize(
    ("seen", "pending", "expected"),
    [
        ("..x..", 1, "  FR "),
        ("..xxx..", 3, "    FR "),
        ("..xx.xx.", 3, "        "),  # it did not hold long enough, twice
        ("x~~~.", 1, "F   R"),  # within the band it has not recovered
        ("x~x~x.", 1, "F    R"),  # nor is it told again
        ("x???.", 1, "F   R"),  # no data does not make it recover
        ("x?x?x.", 1, "F    R"),
        ("??..", 1, "    "),
        ("x?x", 3, "  F"),  # it held for three days, as far as was seen
        ("x??.", 3, "    "),
        ("x.x.x.", 1, "FRFRFR"),
    ],
)
def test_what_is_told(seen, pending, expected):
    assert told(seen, pending) == expected


def test_no_data_is_apart_from_where_it_stands():
    standing, _news = run(Standing(), days("xx?"))
    assert (standing.phase, standing.known) == (Phase.FIRING, False)


sequences = st.text(alphabet="?x~.", max_size=40)


@given(sequences, st.integers(1, 5))
def test_firing_and_recovering_take_turns_and_nothing_is_told_twice(text, pending):
    standing, news = run(Standing(), days(text), pending)
    assert [one.recovered for one in news] == [bool(place % 2) for place in range(len(news))]
    fired = [one.since for one in news if not one.recovered]
    assert len(set(fired)) == len(fired)
    assert (standing.phase is Phase.FIRING) == (len(news) % 2 == 1)


@given(sequences, st.integers(1, 5))
def test_it_fires_only_on_a_breach_that_held_and_recovers_only_beyond_the_band(text, pending):
    for one in run(Standing(), days(text), pending)[1]:
        kind = text[(one.seen.day - FIRST).days]
        between = text[(one.since - FIRST).days : (one.seen.day - FIRST).days + 1]
        if one.recovered:
            assert kind == "."
        else:
            assert kind == "x"
            assert set(between) <= {"x", "?"}
            assert len(between) >= pending


@given(sequences, st.integers(1, 5), st.integers(0, 40))
def test_in_pieces_or_at_once_and_a_day_twice_is_the_same(text, pending, cut):
    seen = days(text)
    whole, news = run(Standing(), seen, pending)
    first, before = run(Standing(), seen[:cut], pending)
    # The last day again, as when its data came in once more unchanged.
    second, after = run(first, seen[max(cut - 1, 0) :] if cut <= len(seen) else [], pending)
    assert second == whole
    assert before + after == news


@given(sequences, st.integers(1, 5))
def test_an_earlier_day_changes_nothing(text, pending):
    standing, _news = run(Standing(), days(text), pending)
    assert standing.day is None or step(
        standing, Seen(standing.day - timedelta(days=1), True), pending
    ) == (standing, None)


@pytest.mark.parametrize(
    ("value", "low", "high", "n", "breach", "clear"),
    [
        (80.0, 76.0, 84.0, 400, True, False),
        (80.0, 60.0, 92.0, 12, False, False),  # it may be chance
        (80.0, 76.0, 84.0, 9, None, False),  # too few to say
        (None, None, None, 0, None, False),
        (91.0, 88.0, 93.0, 400, False, False),  # above, but within the band
        (92.0, 88.0, 94.0, 400, False, True),
    ],
)
def test_held_against_a_limit(value, low, high, n, breach, clear):
    seen = Seen(FIRST, None, value=value, low=low, high=high, n=n)
    found = judged(seen, 90.0, up=True, band=2.0, least_n=10)
    assert (found.breach, found.clear) == (breach, clear)
    if value is not None:
        mirrored = Seen(FIRST, None, value=-value, low=-high, high=-low, n=n)
        other = judged(mirrored, -90.0, up=False, band=2.0, least_n=10)
        assert (other.breach, other.clear) == (breach, clear)


shares = st.floats(0, 100)


@given(shares, shares, shares, shares, st.integers(0, 60), st.integers(1, 60), st.booleans())
def test_what_rests_on_too_few_is_never_judged_and_the_rest_always_is(a, b, c, bound, n, least, up):
    low, value, high = sorted((a, b, c))
    seen = Seen(FIRST, None, value=value, low=low, high=high, n=n)
    found = judged(seen, bound, up=up, least_n=least)
    assert (found.breach is None) == (n < least)
    assert not (found.breach and found.clear)
    # A breach leaves no doubt: the whole interval lies on the wrong side.
    assert not found.breach or (high < bound if up else low > bound)


@given(st.integers(-5, 60))
def test_no_alert_is_kept_that_judges_fewer_than_ten(least):
    assert Rule.of({"alert": "x", "least_n": least}).least_n == max(least, 10)


@given(sequences, st.text(alphabet="sw", min_size=40, max_size=40), st.integers(1, 4))
def test_silent_alerts_say_nothing_and_what_still_stands_is_told_once_after(text, awake, pending):
    """`awake` per day: s silent, w not. As `looking` decides it, with a log of its own."""
    told: list[tuple[int, str]] = []
    rule = Rule("x", recipients=("team",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            outbox, "told", lambda _store, one: [{"thing": one} for _d, name in told if name == one]
        )
        patch.setattr(looking, "_letter", _thing)
        standing = Standing()
        for place, seen in enumerate(days(text)):
            standing, news = run(standing, [seen], pending)
            silent = awake[place] == "s"
            for name in looking._letters(None, rule, standing, news, silent):
                told.append((place, name))
            if standing.phase is Phase.FIRING and not silent:
                assert looking.thing(rule, standing.since) in {name for _day, name in told}
    names = [name for _day, name in told]
    assert len(names) == len(set(names)), "nothing is told twice"
    for day, name in told:
        if name.endswith("recovered"):
            assert name.removesuffix(" recovered") in names[: names.index(name)]
        else:
            assert awake[day] == "w"


def _thing(_store, rule, since, _seen, *, recovered):
    return looking.thing(rule, since, recovered=recovered)
