"""What holds for every KPI, whatever is asked: parts sum to the whole, order does not matter."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kpi import numbers
from kpi.filters import DIMENSIONS, GRAINS, Filters
from kpi.measures import KPIS, asked_by_show
from kpi.model import Kind, Kpi
from kpi.store import Store
from tests.measures.conftest import AS_OF, SEED
from tests.measures.world import load, world
from tests.oracle.worlds import PERIODS, build

ASKED = asked_by_show()
WHOLE = Filters(date(2024, 3, 1), date(2024, 5, 31))
#: What adds up: the numerator, and the denominator where that belongs to the rows as well.
SHARED_DENOMINATOR = {Kind.PER_HOUR, Kind.PER_CUSTOMERS, Kind.HELPED}
VALUES = {
    "process": ["fault", "complaint", "information", ""],
    "channel": ["phone", "email", ""],
    "segment": ["household", "business", ""],
    "value_class": ["high", ""],
    "has_portal": ["yes", "no"],
    "tenure": ["new", "long", ""],
    "products": ["few", "many"],
    "caller": ["yes", "no", ""],
    "reason": ["defect", "tip", "eigen reden", ""],
    "department": ["planning"],
    "cause": ["late_delivery", ""],
    "causing_department": ["it"],
    "source": ["contact", "mastodon", ""],
    "transferred_to": ["finance", ""],
}


def dimensions(kpi: Kpi) -> list[str]:
    return [name for name in kpi.dimensions if name in DIMENSIONS]


def total(results: list, part: str) -> float:
    return math.fsum(getattr(result, part) or 0 for result in results)


@pytest.mark.parametrize("kpi", [kpi for kpi in ASKED if kpi.additive], ids=lambda kpi: kpi.name)
def test_groups_sum_to_the_whole(busy: Store, kpi: Kpi):
    [whole] = numbers.ask(busy, [kpi.name], WHOLE)
    for name in kpi.dimensions:
        parts = numbers.ask(busy, [kpi.name], WHOLE, (name,))
        assert total(parts, "numerator") == pytest.approx(whole.numerator or 0), name
        if kpi.kind is Kind.SHARE and "shares_within" not in kpi.options:
            assert total(parts, "denominator") == whole.denominator, name
            assert total(parts, "n") == whole.n, name


@pytest.mark.parametrize("grain", GRAINS)
def test_periods_sum_to_the_whole(busy: Store, grain: str):
    for kpi in ASKED:
        if not kpi.additive or kpi.kind in {Kind.STOCK, Kind.CHURN}:
            continue  # a stock is of a moment, and each period has an opening base of its own
        if kpi.options.get("counts") == "closing":
            continue
        [whole] = numbers.ask(busy, [kpi.name], WHOLE)
        parts = numbers.ask(busy, [kpi.name], WHOLE, (grain,))
        assert total(parts, "numerator") == pytest.approx(whole.numerator or 0), kpi.name
        if kpi.kind is Kind.PER_HOUR:
            hours = sum(part.denominator for part in parts)
            # Times before the first contact have hours and no contacts: they are not told apart.
            assert hours <= whole.denominator + 1e-9


def test_opening_hours_of_slots_sum_to_those_of_the_period(busy: Store):
    [whole] = numbers.ask(busy, ["contacts_per_hour"], WHOLE)
    slots = numbers.ask(busy, ["contacts_per_hour"], WHOLE, ("weekday_hour",))
    assert total(slots, "denominator") == pytest.approx(whole.denominator)


@st.composite
def filtered(draw: st.DrawFn) -> tuple[Kpi, dict[str, list[str]]]:
    kpi = draw(st.sampled_from(ASKED))
    names = draw(st.lists(st.sampled_from(dimensions(kpi)), unique=True, min_size=1, max_size=2))
    where = {
        name: draw(st.lists(st.sampled_from(VALUES[name]), min_size=1, unique=True))
        for name in names
    }
    return kpi, where


@given(asked=filtered(), period=PERIODS)
def test_a_filter_never_raises_a_count(busy: Store, asked, period):
    kpi, where = asked
    [whole] = numbers.ask(busy, [kpi.name], Filters.of(*period))
    [part] = numbers.ask(busy, [kpi.name], Filters.of(*period, **where))
    if kpi.options.get("counts") == "net" or kpi.kind is Kind.NPS:
        return  # a difference may be anything
    assert part.n <= whole.n
    assert (part.numerator or 0) <= (whole.numerator or 0)


@given(
    kpi=st.sampled_from(ASKED), period=PERIODS, more=st.tuples(st.integers(0, 9), st.integers(0, 9))
)
def test_a_wider_period_never_lowers_a_denominator(busy: Store, kpi, period, more):
    # What is divided by is of a moment (customers at the start), or a mean.
    assume(kpi.kind not in {Kind.CHURN, Kind.STOCK, Kind.MOVEMENT, Kind.PER_CUSTOMERS})
    assume(kpi.kind is not Kind.HELPED)  # staffed hours, once known, take the place of open ones
    since, until = period
    wider = (since - timedelta(days=more[0]), until + timedelta(days=more[1]))
    [narrow] = numbers.ask(busy, [kpi.name], Filters.of(*period))
    [wide] = numbers.ask(busy, [kpi.name], Filters.of(*wider))
    assert (wide.denominator or 0) >= (narrow.denominator or 0)
    assert wide.n >= narrow.n


@settings(max_examples=settings().max_examples // 5)
@given(kpi=st.sampled_from(ASKED), period=PERIODS, data=st.data())
def test_asked_together_is_as_asked_alone(busy: Store, kpi, period, data):
    by = data.draw(st.sampled_from([(), ("month",), *[(name,) for name in kpi.dimensions]]))
    others = [other.name for other in ASKED if numbers.applies(other, by)]
    filters = Filters.of(*period)
    together = numbers.ask(busy, others, filters, by)
    alone = numbers.ask(busy, [kpi.name], filters, by)
    assert [result for result in together if result.kpi == kpi.name] == alone


@given(kpi=st.sampled_from(ASKED), period=PERIODS, data=st.data())
def test_the_order_of_by_is_only_the_order_of_keys(busy: Store, kpi, period, data):
    own = data.draw(st.lists(st.sampled_from(kpi.dimensions), min_size=1, max_size=2, unique=True))
    by = (*own, data.draw(st.sampled_from(GRAINS)))
    turned = tuple(data.draw(st.permutations(by)))
    filters = Filters.of(*period)
    straight = numbers.ask(busy, [kpi.name], filters, by)
    other = numbers.ask(busy, [kpi.name], filters, turned)
    assert all(tuple(result.by) == turned for result in other)
    assert {(frozenset(r.by.items()), r.value, r.n) for r in straight} == {
        (frozenset(r.by.items()), r.value, r.n) for r in other
    }


def test_shuffled_rows_give_the_same_numbers(busy: Store, tmp_path):
    chance = random.Random(1)
    # A key that comes twice in a file means the later row: those rows keep their place.
    tables = {
        name: chance.sample(rows, len(rows)) if name != "cases" else rows
        for name, rows in build(SEED).items()
    }
    with world(tables, AS_OF, tmp_path) as store:
        for by in ((), ("process",), ("month",)):
            names = [kpi.name for kpi in ASKED if numbers.applies(kpi, by)]
            assert numbers.ask(store, names, WHOLE, by) == numbers.ask(busy, names, WHOLE, by)


def test_however_the_rows_come_the_numbers_are_the_same(busy: Store, tmp_path):
    """In many files, each of them twice; then all taken back, and in one file again."""
    tables = build(SEED)
    mixed = random.Random(3).sample(sorted(tables), len(tables))
    files = [
        # A key that comes twice means the later row: parts of a table follow each other.
        {name: tables[name][: len(tables[name]) // 2] for name in mixed[:6]},
        *({name: tables[name]} for name in mixed[6:]),
        {name: tables[name][len(tables[name]) // 2 :] for name in mixed[:6]},
    ]
    questions = [(by, names_for(by)) for by in ((), ("process", "week"), ("channel",), ("caller",))]
    with world({}, None, tmp_path) as store:

        def same() -> None:
            for by, names in questions:
                assert numbers.ask(store, names, WHOLE, by) == numbers.ask(busy, names, WHOLE, by)

        made = [load(store, file, AS_OF) for file in files]
        same()
        assert [load(store, file, AS_OF) for file in files[:3]] == [None] * 3
        same()
        for one in reversed(made):
            store.undo(one, "test")
        assert not any(result.n for result in numbers.ask(store, names_for(()), WHOLE))
        load(store, tables, AS_OF)
        same()


def names_for(by: tuple[str, ...]) -> list[str]:
    return [kpi.name for kpi in ASKED if numbers.applies(kpi, by)]


@pytest.mark.parametrize("kpi", ASKED, ids=lambda kpi: kpi.name)
def test_every_value_lies_within_its_interval_and_its_unit(busy: Store, kpi: Kpi):
    for by in [(), *[(name,) for name in kpi.dimensions]]:
        for result in numbers.ask(busy, [kpi.name], WHOLE, by):
            if result.value is None:
                assert result.notes, "a value that is missing says why"
                continue
            low = -math.inf if result.low is None else result.low
            high = math.inf if result.high is None else result.high
            assert low - 1e-9 <= result.value <= high + 1e-9
            if result.unit == "%":
                assert 0 <= result.value <= 100


def test_every_kpi_has_numbers_in_the_busy_world(busy: Store):
    silent = {kpi.name for kpi in ASKED if not numbers.ask(busy, [kpi.name], WHOLE)[0].n}
    # Their cases are too young: 90 days have not passed. No two channels have thirty cases, and
    # nobody set up an action.
    assert silent == {"churn_after", "saved", "channel_gap", "conflicts"}
    assert set(KPIS) - {kpi.name for kpi in ASKED} == {"funnel"}
