"""What is kept about deliveries: who may send, and what was not loaded."""

from __future__ import annotations

from kpi.schema.model import Column, Table, Type
from kpi.schema.parts import text as _text

#: What other systems send with. Of a token only its hash is kept.
IMPORT_TOKENS = Table(
    "import_tokens",
    "A token with which another system may send files",
    ("token_id",),
    (
        Column("token_id", Type.INTEGER, "The token", "1", required=True),
        _text("name", "Who sends with it", "telephony", required=True),
        _text("hash", "SHA-256 of the token", "9f86d0…", required=True),
        Column("made_at", Type.TIMESTAMP, "When it was made (UTC)", "2026-03-31 14:05"),
        _text("made_by", "Who made it", "analyst"),
        Column("used_at", Type.TIMESTAMP, "When it was last used (UTC)", "2026-04-01 02:10"),
        Column("revoked_at", Type.TIMESTAMP, "When it was revoked (UTC)", "2026-06-30 09:00"),
        _text("revoked_by", "Who revoked it", "analyst"),
    ),
)

FAILED_LOADS = Table(
    "failed_loads",
    "A delivery without anybody watching of which nothing was loaded",
    ("failure_id",),
    (
        Column("failure_id", Type.INTEGER, "The failure", "1", required=True),
        Column("failed_at", Type.TIMESTAMP, "When (UTC)", "2026-03-31 02:05"),
        _text("file", "File name", "zaken.csv"),
        _text("hash", "SHA-256 of the file; empty where it was not read", "9f86d0…"),
        _text("profile", "Profile it was to be read with; empty for none", "complaints"),
        _text("way", "How it came: inbox, http or command", "inbox"),
        _text("reason", "Why nothing was loaded, in the installation's language", "…"),
        Column(
            "settled_at",
            Type.TIMESTAMP,
            "When somebody said it is dealt with (UTC)",
            "2026-03-31 09:00",
        ),
        _text("settled_by", "Who said so", "analyst"),
    ),
)
