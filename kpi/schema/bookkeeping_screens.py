"""What is kept about screens on the wall: which were let in, and which are no longer."""

from __future__ import annotations

from kpi.schema.model import Column, Table, Type
from kpi.schema.parts import text as _text

#: Screens that were paired. Of what a screen proves itself with only a hash is kept.
DEVICES = Table(
    "devices",
    "A screen that somebody let in; it sees totals only",
    ("device_id",),
    (
        Column("device_id", Type.INTEGER, "The device", "1", required=True),
        _text("hash", "SHA-256 of the secret in its cookie", "9f86d0…", required=True),
        _text("screen", "The information screen that it shows", "floor-2"),
        Column("paired_at", Type.TIMESTAMP, "When it was let in (UTC)", "2026-03-31 14:05"),
        _text("paired_by", "Who let it in", "analyst"),
        Column("revoked_at", Type.TIMESTAMP, "When it was shut out (UTC)", "2026-06-30 09:00"),
        _text("revoked_by", "Who shut it out", "analyst"),
    ),
)
