"""What came without anybody watching and was not loaded: noted, so that it is seen, and settled."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from kpi.tables import table

if TYPE_CHECKING:
    from kpi.store.store import Store

#: A sentence is kept up to this length: it may quote what stands in a file.
_LONGEST = 2_000


def note_failure(
    store: Store, file: str, way: str, reason: str, *, profile: str = "", digest: str = ""
) -> int:
    """Note that nothing of a delivery was loaded; gives the number of the note.

    Args:
        store: it was meant for.
        file: its name.
        way: how it came: "inbox", "http" or "command".
        reason: a sentence.
        profile: the saved profile that was meant for it; empty: none was.
        digest: SHA-256 of the file, where it could be read.
    """
    failed = table("failed_loads")
    with store.write_quietly() as connection:
        last = connection.execute(sa.select(sa.func.max(failed.c.failure_id))).scalar()
        number = (last or 0) + 1
        connection.execute(
            failed.insert(),
            {
                "failure_id": number,
                "failed_at": datetime.now(UTC).replace(tzinfo=None),
                "file": file,
                "hash": digest,
                "profile": profile,
                "way": way,
                "reason": reason[:_LONGEST],
            },
        )
    return number


def settle_failure(store: Store, number: int, who: str) -> None:
    """Say that a failure is dealt with: it no longer asks for attention."""
    failed = table("failed_loads")
    with store.write_quietly() as connection:
        connection.execute(
            failed.update()
            .where(failed.c.failure_id == number, failed.c.settled_at.is_(None))
            .values(settled_at=datetime.now(UTC).replace(tzinfo=None), settled_by=who)
        )
