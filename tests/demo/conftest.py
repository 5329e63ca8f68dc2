"""Demo organisations that the tests look at, made once."""

import json
import os
from datetime import date

import pytest

from kpi.demo.fill import fill
from kpi.demo.organisation import make
from kpi.demo.plan import Plan
from kpi.demo.stories import Stories
from kpi.settings import load_settings
from kpi.store import open_store

#: Not a month's end, in summer time, and safely in the past.
UNTIL = date(2025, 9, 17)
#: More of them: DEMO_SEEDS="1 2 3" make test TESTS=tests/demo
SEEDS = [int(seed) for seed in os.environ.get("DEMO_SEEDS", "11 29").split()]


@pytest.fixture(scope="session")
def organisation():
    return make(Plan(until=UNTIL, customers=1500, months=14, seed=5))


@pytest.fixture(scope="session")
def staged(organisation, tmp_path_factory):
    """Per table its staged feed."""
    folder = tmp_path_factory.mktemp("staged")
    return {feed.table: feed for feed in organisation.stage(folder)}


@pytest.fixture(
    scope="module",
    params=SEEDS,
    ids=lambda seed: f"seed {seed}",
)
def told(request, tmp_path_factory):
    """A filled store and what was planted in it, read from the file beside the store."""
    path = tmp_path_factory.mktemp("told") / "store.duckdb"
    with open_store(load_settings(f"duckdb:///{path}")) as store:
        plan = Plan(until=UNTIL, customers=6000, seed=request.param)
        filled = fill(store, plan, "test", lambda text: None)
        kept = json.loads(filled.truth.read_text(encoding="utf-8"))
        yield store, Stories.from_list(kept["stories"])
