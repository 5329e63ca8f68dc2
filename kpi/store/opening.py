"""What happens when a store is opened: migrated, configured and prepared, in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

from kpi.i18n import _
from kpi.settings import Settings, project_folder
from kpi.store.as_toml import Tables, from_toml
from kpi.store.configuration import Configuration
from kpi.store.configure import replacements, write_changes
from kpi.store.migrations import Step, migrate
from kpi.store.preparing import prepare_anew, purpose
from kpi.store.problems import StoreProblem
from kpi.store.properties import (
    DATA_VERSION,
    KEY,
    PREPARED_FOR,
    SEEDED_AT,
    properties,
    put_property,
)

DEFAULTS = "defaults.toml"


def default_configuration() -> Tables:
    """The configuration that a new store starts with."""
    path = project_folder() / "data" / DEFAULTS
    try:
        return from_toml(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise StoreProblem(
            _("The default configuration {path} is missing. Install Ketenzicht again.").format(
                path=path
            )
        ) from problem


def make_ready(connection: sa.Connection, settings: Settings, steps: Sequence[Step]) -> int:
    """Bring the store up to this program and these settings; gives its data version.

    Nothing is written where nothing is to be done.
    """
    migrated = migrate(connection, steps)
    known = properties(connection)
    version = int(known.get(DATA_VERSION, "0"))
    if KEY not in known:
        put_property(connection, KEY, secrets.token_hex(32))
    if SEEDED_AT not in known:
        seeds = replacements(Configuration({}), default_configuration())
        write_changes(connection, seeds, "", logged=False)
        put_property(connection, SEEDED_AT, datetime.now(UTC).isoformat(timespec="seconds"))
    if migrated or known.get(PREPARED_FOR) != purpose(settings):
        prepare_anew(connection, settings, known)
        version += 1
        put_property(connection, DATA_VERSION, str(version))
    return version
