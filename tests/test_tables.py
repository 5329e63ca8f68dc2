"""The schema as SQLAlchemy tables."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from kpi.schema import FACTS, TABLES, Type
from kpi.tables import before, key_of, metadata, seen, sql_type, table


@pytest.mark.parametrize("name", TABLES)
def test_every_declared_table_is_there_with_its_columns(name: str) -> None:
    declared = TABLES[name]
    made = table(name)
    extra = ["import_id"] if declared in FACTS else []
    assert made.c.keys() == [*declared.column_names, *extra]
    assert key_of(made) == declared.key
    for column in declared.columns:
        found = made.c[column.name]
        assert isinstance(found.type, type(sql_type(column.type)))
        assert found.nullable != (column.required or column.name in declared.key)


@pytest.mark.parametrize("declared", FACTS, ids=lambda declared: declared.name)
def test_every_fact_table_has_its_companions(declared) -> None:
    own = [*declared.column_names, "import_id"]
    assert before(declared.name).c.keys() == [*own, "replaced_by"]
    assert seen(declared.name).c.keys() == [*declared.key, "import_id", "feed", "outcome"]
    assert key_of(before(declared.name)) == (*declared.key, "replaced_by")


def test_there_is_nothing_else() -> None:
    companions = {f"{one.name}_{kind}" for one in FACTS for kind in ("before", "seen")}
    assert set(metadata.tables) == set(TABLES) | companions


def test_moments_carry_no_zone_and_whole_numbers_are_large() -> None:
    assert isinstance(sql_type(Type.TIMESTAMP), sa.DateTime)
    assert not sql_type(Type.TIMESTAMP).timezone
    assert isinstance(sql_type(Type.INTEGER), sa.BigInteger)


def test_an_unknown_table_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        table("kases")
