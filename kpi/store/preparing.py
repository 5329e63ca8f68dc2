"""The prepared tables as a whole: made anew when they, the program or a setting changed.

They hold nothing that cannot be derived again, so they are not migrated.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import sqlalchemy as sa

from kpi.settings import Settings
from kpi.store.definitions import PREPARED_TABLES, definition
from kpi.store.prepare import prepare
from kpi.store.properties import PREPARED_FOR, PREPARED_NAMES, put_property
from kpi.tables import table

#: Raise it when `kpi.store.prepare` derives something else than before from the same facts.
DERIVATION = 2


def purpose(settings: Settings) -> str:
    """What the prepared tables are made for, as a text to compare."""
    tables = "\n".join(definition(one) for one in PREPARED_TABLES)
    made = hashlib.sha256(tables.encode()).hexdigest()[:16]
    return f"{made}.{DERIVATION} {settings.time_zone} {settings.holidays_country}"


def prepare_anew(
    connection: sa.Connection, settings: Settings, properties: Mapping[str, str]
) -> None:
    """Replace the prepared tables by those of this program, filled; note for whom.

    `properties` are the store's as they are; without any import there is nothing to fill.
    """
    for name in json.loads(properties.get(PREPARED_NAMES, "[]")):
        connection.exec_driver_sql(f'DROP TABLE "{name}"')
    for one in PREPARED_TABLES:
        connection.exec_driver_sql(definition(one, connection.dialect.name))
    put_property(connection, PREPARED_NAMES, json.dumps([one.name for one in PREPARED_TABLES]))
    imports = table("imports")
    if connection.execute(sa.select(imports.c.import_id).limit(1)).first() is not None:
        prepare(connection, settings)
    put_property(connection, PREPARED_FOR, purpose(settings))
