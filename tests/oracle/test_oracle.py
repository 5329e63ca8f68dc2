"""The product's numbers against a slow second way from raw rows, over invented worlds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from kpi import numbers
from kpi.filters import GRAINS, Filters
from kpi.measures import asked_by_show
from kpi.model import Kind
from kpi.schema.columns import CHANGING
from kpi.store import Store
from tests.measures.world import load, world
from tests.oracle import figures, figures_contacts, figures_customers
from tests.oracle.figures import Figures, Sheet
from tests.oracle.understanding import Understanding
from tests.oracle.worlds import AS_OF, PERIODS, WORLDS, build

pytestmark = pytest.mark.slow
#: The second way of each KPI.
ORACLES = {**figures.ORACLES, **figures_contacts.ORACLES, **figures_customers.ORACLES}
#: Filters to try, of the dimensions that a KPI has.
KEPT = {
    "process": {"fault", "complaint", ""},
    "channel": {"phone"},
    "segment": {"household", ""},
    "has_portal": {"yes"},
    "tenure": {"new"},
    "products": {"few", ""},
    "caller": {"yes"},
}


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory) -> Iterator[Store]:
    with world({}, None, tmp_path_factory.mktemp("oracle")) as store:
        yield store


def questions_by_what_changes() -> st.SearchStrategy[tuple[str, ...]]:
    """What changes of customers, by itself, together, or in time."""
    changing = st.lists(st.sampled_from(CHANGING), min_size=1, max_size=2, unique=True)
    return st.tuples(changing, st.sampled_from([(), ("has_portal",), ("month",), ("week",)])).map(
        lambda drawn: (*drawn[0], *drawn[1])
    )


@st.composite
def questions(draw: st.DrawFn) -> dict[str, tuple[tuple[str, ...], dict[str, set[str]]]]:
    """Per KPI by what, and kept to what."""
    found = {}
    for kpi in asked_by_show():
        grain = draw(st.sampled_from([None, *GRAINS]))
        own = draw(st.lists(st.sampled_from(kpi.dimensions), max_size=2, unique=True))
        by = draw(st.permutations([*own, *([grain] if grain else [])]))
        wheres = [{name: values} for name, values in KEPT.items() if name in kpi.dimensions]
        found[kpi.name] = (tuple(by), draw(st.sampled_from([{}, *wheres])))
    return found


def agree(found: list, expected: Figures, by: tuple[str, ...], filled: bool) -> None:
    """Every figure the oracle has, and nothing else but times in which nothing came."""
    keyed = {tuple(result.by[name] for name in by): result for result in found}
    assert len(keyed) == len(found), "a key comes twice"
    if not expected:
        assert all(not result.numerator and not result.value for result in found)
        return
    for key, own_figures in expected.items():
        assert key in keyed, f"no result for {key}"
        result = keyed.pop(key)
        for name, value in own_figures.items():
            own = getattr(result, name) if hasattr(result, name) else result.extras[name]
            if value is None:
                assert own is None, f"{key} {name}: {own} is not nothing"
            else:
                assert own == pytest.approx(value, rel=1e-9, abs=1e-6), f"{key} {name}"
    for key, result in keyed.items():
        assert filled, f"{key} is not among the groups"
        assert result.numerator == 0


@pytest.mark.parametrize("kpi", asked_by_show(), ids=lambda kpi: kpi.name)
def test_every_kpi_has_an_oracle(kpi):
    assert kpi.name in ORACLES


# A world takes seconds to load, so they are few and are not made smaller when one is found.
@settings(
    max_examples=settings().max_examples // 20,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@pytest.mark.timeout(1200)
@given(seed=WORLDS, as_of=AS_OF, period=PERIODS, asked=questions(), kept=st.booleans())
def test_numbers_are_those_of_the_second_way(empty_store, seed, as_of, period, asked, kept):
    """From the rows, and from sums kept per day."""
    tables = build(seed)
    import_id = load(empty_store, tables, as_of)
    try:
        assert not empty_store.daily.now()
        if kept:
            numbers.keep_daily_sums(empty_store, least=0)
            numbers.hold_sums(empty_store)
            numbers.hold(empty_store, least=0)
        facts = Understanding(tables, empty_store.configuration)
        for kpi in asked_by_show():
            own, where = asked[kpi.name]
            for by in {(), own}:
                note(f"{kpi.name} by {by} where {where}")
                sheet = Sheet(facts, *period, by, empty_store.as_of(kpi.reads), where)
                found = numbers.ask(empty_store, [kpi.name], Filters.of(*period, **where), by)
                filled = kpi.kind in {Kind.PER_HOUR, Kind.PER_CUSTOMERS, Kind.COUNT}
                agree(found, ORACLES[kpi.name](sheet), by, filled)
    finally:
        if import_id is not None:
            empty_store.undo(import_id, "test")


@settings(
    max_examples=settings().max_examples // 25,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@pytest.mark.timeout(1200)
@given(seed=WORLDS, period=PERIODS, by=questions_by_what_changes(), kept=st.sampled_from(CHANGING))
def test_what_changes_of_customers(empty_store, seed, period, by, kept):
    """Every KPI that has them by new or long, products and calling; late enough for all of them."""
    tables = build(seed)
    import_id = load(empty_store, tables, "2024-08-20 12:00")
    try:
        facts = Understanding(tables, empty_store.configuration)
        for kpi in (one for one in asked_by_show() if numbers.applies(one, by)):
            for where in ({}, {kept: KEPT[kept]}):
                note(f"{kpi.name} by {by} where {where}")
                sheet = Sheet(facts, *period, by, empty_store.as_of(kpi.reads), where)
                found = numbers.ask(empty_store, [kpi.name], Filters.of(*period, **where), by)
                filled = kpi.kind in {Kind.PER_HOUR, Kind.PER_CUSTOMERS, Kind.COUNT}
                agree(found, ORACLES[kpi.name](sheet), by, filled)
    finally:
        if import_id is not None:
            empty_store.undo(import_id, "test")
