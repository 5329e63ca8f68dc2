"""Selects behind "reported / now": what imports told, what was kept, and what came later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kpi.tables import table

#: Configuration that no value is made of: what is aimed at, announced, done, drawn or read with.
_NO_NUMBERS = (
    "targets",
    "announcements",
    "actions",
    "roles",
    "decisions",
    "explanations",
    "goals",
    "staff_signals",
    "blueprints",
    "screens",
    "source_links",
    "feed_profiles",
)


def told() -> sa.Select[Any]:
    """Per fact table that was ever filled what its imports tell.

    table_name; first and latest, its imports, taken back or not; and of live ones first_live,
    first_fact, and loaded_at of the latest (NULL where none is live).
    """
    imports, feeds = table("imports"), table("import_feeds")
    live = imports.c.undone_at.is_(None)
    return (
        sa.select(
            feeds.c.table_name,
            sa.func.min(feeds.c.import_id).label("first"),
            sa.func.max(feeds.c.import_id).label("latest"),
            sa.func.min(sa.case((live, feeds.c.import_id))).label("first_live"),
            sa.func.min(sa.case((live, feeds.c.first_fact))).label("first_fact"),
            sa.func.max(sa.case((live, imports.c.loaded_at))).label("loaded_at"),
        )
        .join(imports, imports.c.import_id == feeds.c.import_id)
        .group_by(feeds.c.table_name)
    )


def kept_months() -> sa.Select[Any]:
    """Per KPI what is kept: kpi, first and last month, earliest and newest `last_import`."""
    kept = table("month_end_values")
    # A row of which it is not known was not kept by us.
    last_import = sa.func.coalesce(kept.c.last_import, 0)
    return sa.select(
        kept.c.kpi,
        sa.func.min(kept.c.month).label("first"),
        sa.func.max(kept.c.month).label("last"),
        sa.func.min(last_import).label("earliest"),
        sa.func.max(last_import).label("newest"),
    ).group_by(kept.c.kpi)


def kept_values(kpi: str, first: str, last: str) -> sa.Select[Any]:
    """What is kept of a KPI for the months `first` to `last`."""
    kept = table("month_end_values")
    return (
        sa.select(kept)
        .where(kept.c.kpi == kpi, kept.c.month >= first, kept.c.month <= last)
        .order_by(kept.c.month, kept.c.process)
    )


def changing_imports(tables: Sequence[str], since: int, until: datetime) -> sa.Select[Any]:
    """Imports into these tables after import `since`, and those taken back after `until`.

    One row an import: import_id, file, loaded_at, undone_at, accepted, updated, first_fact. What
    was both loaded and taken back since then changed nothing, and is not there.
    """
    imports, feeds = table("imports"), table("import_feeds")
    accepted, updated = sa.func.sum(feeds.c.accepted), sa.func.sum(feeds.c.updated)
    return (
        sa.select(
            imports.c.import_id,
            imports.c.file,
            imports.c.loaded_at,
            imports.c.undone_at,
            accepted.label("accepted"),
            updated.label("updated"),
            sa.func.min(feeds.c.first_fact).label("first_fact"),
        )
        .join(feeds, imports.c.import_id == feeds.c.import_id)
        .where(
            feeds.c.table_name.in_(tables),
            sa.or_(
                sa.and_(imports.c.import_id > since, imports.c.undone_at.is_(None)),
                sa.and_(imports.c.import_id <= since, imports.c.undone_at > until),
            ),
        )
        .group_by(imports.c.import_id, imports.c.file, imports.c.loaded_at, imports.c.undone_at)
        .having(accepted + updated > 0)
        .order_by(imports.c.import_id)
    )


def configured() -> sa.Select[Any]:
    """When configuration that values are made of was last changed: latest (NULL: never)."""
    log = table("change_log")
    return sa.select(sa.func.max(log.c.changed_at).label("latest")).where(
        log.c.table_name.not_in(_NO_NUMBERS)
    )
