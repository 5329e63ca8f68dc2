"""Columns of a file that nothing is read of: they are named, for whoever thinks that all is in."""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from kpi.ingest import notes
from kpi.ingest.columns import BLANKS
from kpi.ingest.problems import Said
from kpi.ingest.profiles import Profile
from kpi.ingest.shaping import unused
from kpi.ingest.table import RawTable
from kpi.store.scratch import Scratch, quoted

#: Columns named in one sentence, and characters of a name.
_NAMED, _LONG = 25, 60


def unread(connection: Scratch, raw: RawTable, profile: Profile) -> list[Said]:
    """The note that names them; none where all that holds something is read.

    A column that is empty in every row has nothing to read. `sample` holds the first rows.
    """
    places = {name: at for at, name in enumerate(raw.names)}
    left = unused(profile, raw.names)
    filled = _filled(connection, "sample", [places[name] for name in left])
    rest = [place for name in left if (place := places[name]) not in filled]
    # Only what is empty in the first rows is looked for in all of them.
    filled |= _filled(connection, raw.relation, rest)
    named = [name[:_LONG] for name in left if places[name] in filled]
    if not named:
        return []
    more = f", … ({len(named)})" if len(named) > _NAMED else ""
    return [(notes.UNREAD, {"names": ", ".join(named[:_NAMED]) + more})]


def _filled(connection: Scratch, relation: str, places: list[int]) -> set[int]:
    if not places:
        return set()
    asked = ", ".join(f"max(trim(c{at}, {quoted(BLANKS)})) > ''" for at in places)
    row = connection.execute(f"SELECT {asked} FROM {relation}").fetchone() or ()
    return {at for at, some in zip(places, row, strict=True) if some}
