"""Worlds that many tests ask, loaded once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kpi.store import Store
from tests.measures.world import world
from tests.oracle.worlds import build

#: A seed whose world has something of everything.
SEED = 11
AS_OF = "2024-05-02 12:30"


@pytest.fixture(scope="session")
def busy(tmp_path_factory) -> Iterator[Store]:
    """Cases, contacts, surveys and customers of seven weeks; never changed by a test."""
    with world(build(SEED), AS_OF, tmp_path_factory.mktemp("busy")) as store:
        yield store
