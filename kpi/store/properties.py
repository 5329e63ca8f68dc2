"""Properties of the store: its versions, what it was prepared for, and its secret key."""

from __future__ import annotations

import sqlalchemy as sa

from kpi.tables import table

#: Raised by every change of facts, configuration or calendars.
DATA_VERSION = "data_version"
#: What the prepared tables were made for; see `kpi.store.preparing`.
PREPARED_FOR = "prepared_for"
#: Names of the prepared tables there are, as a JSON array.
PREPARED_NAMES = "prepared_names"
#: When the default configuration was written (UTC).
SEEDED_AT = "seeded_at"
#: Key of keyed hashes (phone numbers, addresses); never shown.
KEY = "key"
#: What kind of data it holds: "demo", or absent.
KIND = "kind"


def properties(connection: sa.Connection) -> dict[str, str]:
    """All properties by name."""
    store = table("store")
    return dict(connection.execute(sa.select(store.c.name, store.c.value)).all())


def put_property(connection: sa.Connection, name: str, value: str) -> None:
    """Set one property."""
    store = table("store")
    changed = connection.execute(
        store.update().where(store.c.name == name).values(value=value)
    ).rowcount
    if not changed:
        connection.execute(store.insert(), {"name": name, "value": value})
