"""Opening a store: taken in one hand, then migrated, configured and prepared in one transaction."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from kpi.i18n import _
from kpi.settings import Settings, project_folder
from kpi.store.as_toml import Tables, from_toml
from kpi.store.configuration import Configuration
from kpi.store.configure import replacements, write_changes
from kpi.store.engines import open_engine, speaking
from kpi.store.lock import FileLock
from kpi.store.migrations import STEPS, Step, migrate
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
from kpi.store.store import Store

DEFAULTS = "defaults.toml"


def open_store(settings: Settings, wait: float | None = None) -> Store:
    """Open the store of the settings, making it on first use.

    Args:
        settings: where it is and how it may be used.
        wait: seconds to wait for another process that holds it; None: as long as it takes.

    Raises:
        Busy: another process held it for longer than `wait`.
        StoreProblem: it cannot be opened; the sentence says why and what to do.
    """
    path = settings.beside
    # What lies in a store is nobody else's business; neither is its write-ahead log.
    os.umask(0o077)
    lock = FileLock(path.with_name(path.name + ".lock"), settings.store_name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(wait)
        staging = _empty_folder(path.with_name(path.name + ".staging"))
        engine = open_engine(settings, staging)
    except OSError as problem:
        lock.release()
        raise StoreProblem(
            _("The store {path} cannot be written: {problem}.").format(
                path=path, problem=problem.strerror
            )
        ) from problem
    except BaseException:
        lock.release()
        raise
    try:
        with speaking(engine), engine.sql.begin() as connection:
            version = make_ready(connection, settings)
        return Store(settings, engine, staging, lock, version)
    except BaseException:
        engine.close()
        lock.release()
        raise


def _empty_folder(path: Path) -> Path:
    if path.is_dir():
        shutil.rmtree(path)
    path.mkdir(mode=0o700)
    return path


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


def make_ready(connection: sa.Connection, settings: Settings, steps: Sequence[Step] = STEPS) -> int:
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
