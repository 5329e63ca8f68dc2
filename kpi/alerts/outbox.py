"""Messages on their way: each to each recipient once, claimed before it is sent.

A message is marked as being sent in the same moment as it is taken: whoever else looks - another
thread, a command from cron - does not take it too. Where the program ends in between nobody knows
whether it left; such a message is not sent again by itself, and is told as unsure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from kpi.tables import table

if TYPE_CHECKING:
    from kpi.store import Store

_MESSAGES = table("messages")
#: Minutes until a message that failed is tried again, per try; after the last it stays failed.
RETRY = (1, 5, 15, 60, 240)
#: One that is being sent for longer than this was cut off.
CUT_OFF = timedelta(minutes=10)
#: How long a failed message is told of by `doctor` and on the page.
LOUD = timedelta(days=14)


class Fate(StrEnum):
    """What became of a message; value is also what the store keeps."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    #: It was being sent when the program ended.
    UNSURE = "unsure"
    #: Overtaken before it was sent: what it told of was over.
    DROPPED = "dropped"


@dataclass(frozen=True)
class Letter:
    """A message to be: what it tells of (once), and its words."""

    kind: str
    about: str
    thing: str
    subject: str
    text: str
    html: str


def post(
    store: Store, letter: Letter, recipients: Sequence[str], now: datetime, not_before: datetime
) -> int:
    """Put a letter ready for each recipient that was not told of this thing yet; gives how many."""
    with store.write_quietly() as connection:
        known = set(
            connection.execute(
                sa.select(_MESSAGES.c.recipient).where(_MESSAGES.c.thing == letter.thing)
            ).scalars()
        )
        fresh = [one for one in dict.fromkeys(recipients) if one not in known]
        last = connection.execute(sa.select(sa.func.max(_MESSAGES.c.message_id))).scalar() or 0
        rows = [
            {
                "message_id": last + place, "kind": letter.kind, "about": letter.about,
                "thing": letter.thing, "recipient": recipient, "state": Fate.WAITING, "tries": 0,
                "made_at": now, "next_at": not_before, "subject": letter.subject,
                "text": letter.text, "html": letter.html,
            }
            for place, recipient in enumerate(fresh, 1)
        ]  # fmt: skip
        if rows:
            connection.execute(_MESSAGES.insert(), rows)
    return len(fresh)


#: Behind a thing, before how many it is about: that a second file is late as well is news.
MORE = " +"


def told(store: Store, thing: str) -> list[dict[str, Any]]:
    """The messages that tell of a thing, also those that tell of more of it."""
    return store.rows(sa.select(_MESSAGES).where(_of(thing)))


def _of(thing: str) -> sa.ColumnElement[bool]:
    more = _MESSAGES.c.thing.startswith(f"{thing}{MORE}", autoescape=True)
    return sa.or_(_MESSAGES.c.thing == thing, more)


def drop(store: Store, thing: str) -> int:
    """Take back the messages about a thing that were not sent yet; gives how many."""
    with store.write_quietly() as connection:
        return connection.execute(
            _MESSAGES.update()
            .where(_of(thing), _MESSAGES.c.state == Fate.WAITING)
            .values(state=Fate.DROPPED, html=None)
        ).rowcount


def claim(store: Store, now: datetime) -> dict[str, Any] | None:
    """The next message that is due, marked as being sent by whoever asks; None when there is none."""
    if not store.rows(_due(now).limit(1)):
        return None  # nothing to write: the common case
    with store.write_quietly() as connection:
        row = connection.execute(_due(now).limit(1)).mappings().first()
        if row is None:
            return None
        taken = {"state": Fate.SENDING, "tries": (row["tries"] or 0) + 1, "next_at": now}
        _put(connection, row["message_id"], taken)
        return {**row, **taken}


def settle(
    store: Store,
    message: Mapping[str, Any],
    problem: str,
    now: datetime,
    again: Callable[[datetime], datetime] = lambda moment: moment,
) -> Fate:
    """Write down what became of a message that was claimed; `again` moves a retry into hours.

    Args:
        problem: why it failed; empty when it was sent.
    """
    if not problem:
        values: dict[str, Any] = {
            "state": Fate.SENT, "sent_at": now, "problem": None, "html": None, "next_at": None,
        }  # fmt: skip
    elif message["tries"] <= len(RETRY):
        later = now + timedelta(minutes=RETRY[message["tries"] - 1])
        values = {"state": Fate.WAITING, "next_at": again(later), "problem": problem}
    else:
        values = {"state": Fate.FAILED, "next_at": None, "problem": problem}
    with store.write_quietly() as connection:
        _put(connection, message["message_id"], values)
    return Fate(values["state"])


def recover(store: Store, now: datetime) -> int:
    """Name what was cut off while it was being sent; gives how many."""
    cut = (_MESSAGES.c.state == Fate.SENDING, _MESSAGES.c.next_at < now - CUT_OFF)
    if not store.rows(sa.select(_MESSAGES.c.message_id).where(*cut)):
        return 0
    with store.write_quietly() as connection:
        return connection.execute(_MESSAGES.update().where(*cut).values(state=Fate.UNSURE)).rowcount


def send_again(store: Store, message_id: int, now: datetime) -> None:
    """Try a message that failed, or of which nobody knows, once more from the beginning."""
    with store.write_quietly() as connection:
        connection.execute(
            _MESSAGES.update()
            .where(
                _MESSAGES.c.message_id == message_id,
                _MESSAGES.c.state.in_([Fate.FAILED, Fate.UNSURE, Fate.WAITING]),
            )
            .values(state=Fate.WAITING, tries=0, next_at=now)
        )


def log(store: Store, limit: int = 50) -> list[dict[str, Any]]:
    """The latest messages, the latest first, without their words."""
    shown = [one for one in _MESSAGES.c if one.name not in {"text", "html"}]
    return store.rows(sa.select(*shown).order_by(_MESSAGES.c.message_id.desc()).limit(limit))


def troubled(store: Store, now: datetime) -> list[dict[str, Any]]:
    """Messages that did not arrive as they should: failed, unsure, or failed and tried again."""
    shown = [one for one in _MESSAGES.c if one.name not in {"text", "html"}]
    return store.rows(
        sa.select(*shown)
        .where(
            _MESSAGES.c.made_at > now - LOUD,
            sa.or_(
                _MESSAGES.c.state.in_([Fate.FAILED, Fate.UNSURE]),
                sa.and_(_MESSAGES.c.state == Fate.WAITING, _MESSAGES.c.problem.is_not(None)),
            ),
        )
        .order_by(_MESSAGES.c.message_id.desc())
    )


def last_sent(store: Store) -> dict[str, datetime]:
    """Per alert or digest when something about it was last sent (UTC)."""
    found = store.rows(
        sa.select(_MESSAGES.c.about, sa.func.max(_MESSAGES.c.sent_at).label("at"))
        .where(_MESSAGES.c.sent_at.is_not(None), _MESSAGES.c.kind != "test")
        .group_by(_MESSAGES.c.about)
    )
    return {row["about"]: row["at"] for row in found}


def _due(now: datetime) -> sa.Select[Any]:
    return (
        sa.select(_MESSAGES)
        .where(_MESSAGES.c.state == Fate.WAITING, _MESSAGES.c.next_at <= now)
        .order_by(_MESSAGES.c.next_at, _MESSAGES.c.message_id)
    )


def _put(connection: sa.Connection, message_id: int, values: Mapping[str, Any]) -> None:
    connection.execute(
        _MESSAGES.update().where(_MESSAGES.c.message_id == message_id).values(**values)
    )
