"""Real files, loaded with profiles of our own, into one store per file."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kpi.ingest import LoadOutcome, load, parse_profile
from kpi.settings import Settings, load_settings
from kpi.store import Store, open_store

PROFILES = Path(__file__).with_name("profiles")

Loaded = Callable[..., tuple[Store, list[LoadOutcome]]]


def settings_in(folder: Path) -> Settings:
    return replace(load_settings(f"duckdb:///{folder / 'store.duckdb'}"), threads=2)


@pytest.fixture(scope="session")
def loaded(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """`loaded(("permit_receipt/receipt.csv", "permit_cases"), …)`: a store with just those files.

    Each combination is loaded once and then shared: tests only ask.
    """
    held: dict[tuple[tuple[str, str], ...], tuple[Store, list[LoadOutcome]]] = {}

    def give(*files: tuple[str, str]) -> tuple[Store, list[LoadOutcome]]:
        if files not in held:
            store = open_store(settings_in(tmp_path_factory.mktemp("real")))
            outcomes = []
            for file, name in files:
                text = (PROFILES / f"{name}.toml").read_text(encoding="utf-8")
                outcomes.append(load(store, shared_data / file, parse_profile(text), who="test"))
            held[files] = store, outcomes
        return held[files]

    yield give
    for store, _outcomes in held.values():
        store.close()
