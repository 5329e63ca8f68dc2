"""The key of the store's keyed hashes: a file beside it that only its owner may read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from kpi.settings import Settings


def key_path(settings: Settings) -> Path:
    """Where the key of a store is."""
    return settings.beside.with_name(f"{settings.beside.name}.key")


def load_key(path: Path) -> bytes:
    """The key, made on first use with mode 0600."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    fresh = secrets.token_bytes(32)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        # Somebody made it meanwhile: one store, one key.
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(fresh)
    return fresh
