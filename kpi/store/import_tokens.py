"""Tokens of other systems that send files: made once, shown once, kept only as a hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from kpi.i18n import _
from kpi.store.problems import StoreProblem
from kpi.tables import table

if TYPE_CHECKING:
    from kpi.store.store import Store

#: By this a token is known in a log or a repository that it should not be in.
PREFIX = "kz_"
#: The last use is noted at most this often: a note is a write.
_NOTED = timedelta(minutes=10)


@dataclass(frozen=True)
class Token:
    """A token in force; its text is nowhere. Times are naive UTC."""

    number: int
    name: str
    made_at: datetime
    made_by: str
    used_at: datetime | None


def add_token(store: Store, name: str, who: str) -> str:
    """Make a token for `name` and give its text: the only time that it can be seen.

    Raises:
        StoreProblem: there is one of that name already.
    """
    if any(one.name == name for one in tokens(store)):
        raise StoreProblem(
            _("There is a token {name} already; remove it first, or choose another name.").format(
                name=name
            )
        )
    text = PREFIX + secrets.token_urlsafe(32)
    rows = table("import_tokens")
    with store.write_quietly() as connection:
        last = connection.execute(sa.select(sa.func.max(rows.c.token_id))).scalar()
        connection.execute(
            rows.insert(),
            {
                "token_id": (last or 0) + 1,
                "name": name,
                "hash": _hash(text),
                "made_at": _now(),
                "made_by": who,
            },
        )
    return text


def tokens(store: Store) -> list[Token]:
    """The tokens in force, by name."""
    rows = table("import_tokens")
    return [
        Token(row["token_id"], row["name"], row["made_at"], row["made_by"], row["used_at"])
        for row in store.rows(
            sa.select(rows).where(rows.c.revoked_at.is_(None)).order_by(rows.c.name)
        )
    ]


def remove_token(store: Store, name: str, who: str) -> None:
    """Revoke the token of that name: from now on nobody sends with it.

    Raises:
        StoreProblem: there is none.
    """
    rows = table("import_tokens")
    with store.write_quietly() as connection:
        revoked = connection.execute(
            rows.update()
            .where(rows.c.name == name, rows.c.revoked_at.is_(None))
            .values(revoked_at=_now(), revoked_by=who)
        ).rowcount
        if not revoked:
            raise StoreProblem(_("There is no token {name}.").format(name=name))


def sender(store: Store, text: str) -> str | None:
    """Whose token this is; None when it is nobody's (any more)."""
    given, rows = _hash(text), table("import_tokens")
    found = None
    for row in store.rows(sa.select(rows).where(rows.c.revoked_at.is_(None))):
        # All are compared, each in the same time.
        if hmac.compare_digest(row["hash"], given):
            found = row
    if found is None:
        return None
    if found["used_at"] is None or _now() - found["used_at"] > _NOTED:
        with store.write_quietly() as connection:
            connection.execute(
                rows.update().where(rows.c.token_id == found["token_id"]).values(used_at=_now())
            )
    name: str = found["name"]
    return name


def _hash(text: str) -> str:
    # Of a token of 256 random bits a plain hash tells nothing.
    return hashlib.sha256(text.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
