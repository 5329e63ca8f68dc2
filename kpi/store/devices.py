"""Screens that were let in: by the hash of what they prove themselves with."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from kpi.tables import table

if TYPE_CHECKING:
    from kpi.store.store import Store


def hashed(secret: str) -> str:
    """What is kept of a secret: it is long and random, so a plain hash tells nothing of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def devices(store: Store) -> list[dict[str, Any]]:
    """All of them, those that were shut out too, the latest first."""
    found = table("devices")
    return store.rows(sa.select(found).order_by(found.c.device_id.desc()))


def let_in(store: Store, digest: str, screen: str, who: str) -> int:
    """Let a device in that shows `screen`; gives its number."""
    found = table("devices")
    with store.write_quietly() as connection:
        last = connection.execute(sa.select(sa.func.max(found.c.device_id))).scalar()
        number = (last or 0) + 1
        connection.execute(
            found.insert(),
            {
                "device_id": number,
                "hash": digest,
                "screen": screen,
                "paired_at": _now(),
                "paired_by": who,
            },
        )
    return number


def shut_out(store: Store, number: int, who: str) -> None:
    """Let a device see nothing more."""
    found = table("devices")
    with store.write_quietly() as connection:
        connection.execute(
            found.update()
            .where(found.c.device_id == number, found.c.revoked_at.is_(None))
            .values(revoked_at=_now(), revoked_by=who)
        )


def show_on(store: Store, number: int, screen: str) -> None:
    """Let a device show another screen."""
    found = table("devices")
    with store.write_quietly() as connection:
        connection.execute(
            found.update().where(found.c.device_id == number).values(screen=screen)
        )  # fmt: skip


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
