"""Forward migrations: every store, a new one included, comes to be by the same steps.

Step n turns a store of version n - 1 into one of version n. A step is never changed once a store
of its version may exist; `python -m kpi.store.migrations` prints the tables as the schema declares
them now, to write the next one from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from kpi.i18n import _
from kpi.schema import SCHEMA_VERSION
from kpi.store.problems import StoreProblem

Step = Callable[[sa.Connection], None]
VERSION = "schema_version"
_FOLDER = Path(__file__).resolve().parent


def statements(version: int) -> Iterator[str]:
    """The SQL statements of a step, from `version_<n>.sql`."""
    text = (_FOLDER / f"version_{version}.sql").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    yield from (part.strip() for part in "\n".join(lines).split(";\n") if part.strip(" ;\n"))


def _run(version: int, connection: sa.Connection) -> None:
    for statement in statements(version):
        connection.exec_driver_sql(statement)


#: Step n at position n - 1.
STEPS: tuple[Step, ...] = tuple(partial(_run, n) for n in range(1, SCHEMA_VERSION + 1))


def version_of(connection: sa.Connection) -> int:
    """Version of the store; 0 where there is nothing yet.

    Raises:
        StoreProblem: the database holds something else.
    """
    names = set(
        connection.execute(
            sa.text(
                "SELECT table_name FROM information_schema.tables"
                " WHERE table_schema = current_schema()"
            )
        ).scalars()
    )
    if not names:
        return 0
    if not {"store", "imports", "import_feeds"} <= names:
        raise StoreProblem(
            _(
                "This database holds something else than a store of Ketenzicht. "
                "Name another file or database."
            )
        )
    said = connection.execute(
        sa.text("SELECT value FROM store WHERE name = :name"), {"name": VERSION}
    ).scalar_one()
    return int(said)


def migrate(connection: sa.Connection, steps: Sequence[Step] = STEPS) -> bool:
    """Bring the store to the version of this program, in the caller's one transaction.

    Returns:
        Whether anything was done.

    Raises:
        StoreProblem: a newer program made the store.
    """
    version = version_of(connection)
    if version > len(steps):
        raise StoreProblem(
            _(
                "The store was made by a newer version of Ketenzicht (schema {theirs}; this "
                "program knows {ours}). Install that version or a later one; nothing was changed."
            ).format(theirs=version, ours=len(steps))
        )
    if version == len(steps):
        return False
    for step in steps[version:]:
        step(connection)
    if version == 0:
        connection.execute(
            sa.text("INSERT INTO store (name, value) VALUES (:name, :value)"),
            {"name": VERSION, "value": str(len(steps))},
        )
    else:
        connection.execute(
            sa.text("UPDATE store SET value = :value WHERE name = :name"),
            {"name": VERSION, "value": str(len(steps))},
        )
    return True
