"""Did you mean: the one place that guesses what somebody meant to write."""

from __future__ import annotations

from collections.abc import Iterable

#: How alike (0-100) a name must be to be worth suggesting.
ALIKE = 60


def suggest(name: str, among: Iterable[str], alike: float = ALIKE) -> str | None:
    """The one of `among` that is most like `name`; None when nothing comes near.

    >>> suggest("opend_at", ["opened_at", "closed_at"])
    'opened_at'
    """
    # Imported here: whoever writes no mistakes need not wait for it.
    from rapidfuzz import process, utils

    found = process.extractOne(
        name, list(among), processor=utils.default_process, score_cutoff=alike
    )
    return found[0] if found else None
