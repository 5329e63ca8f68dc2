"""Cases that are said to be closed while no column says when: without that there is no lead time."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kpi.ingest.problems import Said
from kpi.ingest.profiles import Profile
from kpi.text import N_

#: From so many closed cases on, and so large a share of the rows, it is asked.
_ROWS, _SHARE = 10, 0.1


def closed_without_time(
    profile: Profile | None,
    values: Mapping[str, Mapping[str, int]],
    closed_words: Collection[str] | None = None,
) -> list[Said]:
    """The doubt about the first feed of cases that is so.

    Args:
        profile: as proposed.
        values: of every column some values with their rows.
        closed_words: status words (in small letters) that mean closed; None: the usual ones.
    """
    for feed in profile.feeds if profile else ():
        status = feed.columns.get("status")
        if feed.table != "cases" or "closed_at" in feed.columns or not (status and status.sources):
            continue
        if closed_words is None:
            closed_words = _usual()
        header = status.sources[0]
        counted = values.get(header, {})
        closed = sum(
            rows
            for text, rows in counted.items()
            if status.map.get(text.strip(), text).strip().lower() in closed_words
        )
        if closed >= max(_ROWS, _SHARE * sum(counted.values())):
            return [(NO_CLOSING, {"header": header, "n": closed})]
    return []


def _usual() -> frozenset[str]:
    # Imported here: most files say when their cases were closed.
    from kpi.store.prepare.words import STATUS_WORDS

    return frozenset(word for word, meaning in STATUS_WORDS.items() if meaning == "closed")


NO_CLOSING = N_(
    "{header} says of {n} rows that the case is closed, and no column that is read says when."
    " Without a closing time there is no lead time; which column is it?"
)
