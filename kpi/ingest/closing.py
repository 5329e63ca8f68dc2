"""Cases that are said to be closed while no column says when: without that there is no lead time."""

from __future__ import annotations

from collections.abc import Mapping

from kpi.ingest.problems import Said
from kpi.ingest.profiles import Profile
from kpi.text import N_

#: From so many closed cases on, and so large a share of the rows, it is asked.
_ROWS, _SHARE = 10, 0.1


def closed_without_time(
    profile: Profile | None, values: Mapping[str, Mapping[str, int]]
) -> list[Said]:
    """The doubt about the first feed of cases that is so.

    Args:
        profile: as proposed.
        values: of every column some values with their rows.
    """
    for feed in profile.feeds if profile else ():
        status = feed.columns.get("status")
        if feed.table != "cases" or "closed_at" in feed.columns or not (status and status.sources):
            continue
        # Imported here: most files say when their cases were closed.
        from kpi.store.prepare.words import STATUS_WORDS

        header = status.sources[0]
        counted = values.get(header, {})
        closed = sum(
            rows for text, rows in counted.items()
            if STATUS_WORDS.get(text.strip().lower()) == "closed"
        )  # fmt: skip
        if closed >= max(_ROWS, _SHARE * sum(counted.values())):
            return [(NO_CLOSING, {"header": header, "n": closed})]
    return []


NO_CLOSING = N_(
    "{header} says of {n} rows that the case is closed, and no column that is read says when."
    " Without a closing time there is no lead time; which column is it?"
)
