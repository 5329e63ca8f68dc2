"""What became of alerts and digests: where each alert stands, and every message with its fate."""

from __future__ import annotations

from kpi.schema.model import Column, Table, Type


def _text(name: str, meaning: str, example: str, *, required: bool = False) -> Column:
    return Column(name, Type.TEXT, meaning, example, required=required)


def _day(name: str, meaning: str) -> Column:
    return Column(name, Type.DATE, meaning, "2026-03-31")


ALERT_STATES = Table(
    "alert_states",
    "Where an alert stands after the last day that was looked at",
    ("alert",),
    (
        _text("alert", "The alert", "fault-within-norm", required=True),
        _text("phase", "ok, pending, firing or recovered", "firing"),
        _day("since", "First day of what it is in now"),
        _day("day", "Last day that was looked at"),
        Column("known", Type.BOOLEAN, "Whether that day could be judged", "yes"),
        _text("seen", "What was seen on that day, as JSON", "{}"),
        _text("rule", "What was asked, in short: another one starts anew", "3fa9"),
        Column("looked_at", Type.TIMESTAMP, "When (UTC)", "2026-03-31 14:05"),
    ),
)

MESSAGES = Table(
    "messages",
    "One message to one channel: an alert, its recovery, a digest or a test, and its fate",
    ("message_id",),
    (
        Column("message_id", Type.INTEGER, "The message", "12", required=True),
        _text("kind", "alert, recovery, digest or test", "alert"),
        _text("about", "The alert or the digest", "fault-within-norm"),
        _text(
            "thing", "What it tells of: told once to each channel", "fault-within-norm 2026-03-30"
        ),
        _text("recipient", "Name of the channel", "team"),
        _text("state", "waiting, sending, sent, failed, unsure or dropped", "sent"),
        Column("tries", Type.INTEGER, "How often it was tried", "1"),
        Column("made_at", Type.TIMESTAMP, "When it was made (UTC)", "2026-03-31 14:05"),
        Column("next_at", Type.TIMESTAMP, "Not before (UTC)", "2026-04-01 07:00"),
        Column("sent_at", Type.TIMESTAMP, "When it was sent (UTC)", "2026-04-01 07:00"),
        _text("problem", "Why it failed", "The server refused it"),
        _text("subject", "Subject", "Storingen: 78 % binnen norm"),
        _text("text", "The plain text", "…"),
        _text("html", "The mail; emptied when it was sent", "…"),
    ),
)

INFORMED: tuple[Table, ...] = (ALERT_STATES, MESSAGES)
