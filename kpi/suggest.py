"""Did you mean: the one place that guesses what somebody meant to write."""

from __future__ import annotations

from collections.abc import Iterable

#: How alike (0-100) a name must be to be worth suggesting.
ALIKE = 60
#: From so many letters on, a part of a name may be meant.
_LONG = 4


def suggest(name: str, among: Iterable[str], alike: float = ALIKE) -> str | None:
    """The one of `among` that is most like `name`; None when nothing comes near.

    >>> suggest("opend_at", ["opened_at", "closed_at"])
    'opened_at'
    >>> suggest("foo", ["information"])
    """
    # Imported here: whoever writes no mistakes need not wait for it.
    from rapidfuzz import fuzz, process, utils

    # A few letters are found inside almost any long name: they must be like the whole of it.
    scorer = fuzz.WRatio if len(name) >= _LONG else fuzz.ratio
    found = process.extractOne(
        name, list(among), scorer=scorer, processor=utils.default_process, score_cutoff=alike
    )
    return found[0] if found else None
