"""Who asks: the name that imports and changes are noted under."""

from __future__ import annotations

import getpass


def who() -> str:
    """The user's name on this machine; "unknown" where the system has none for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"
