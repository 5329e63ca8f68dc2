"""One delivery: choose how it is read, load it, and note it when nothing was loaded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kpi.i18n import _
from kpi.ingest import LoadOutcome, Profile, load
from kpi.ingest.kept import NoProfile, by_file, by_name
from kpi.ingest.parent import Cancel, Progress
from kpi.ingest.survey import hash_of
from kpi.numbers import keep_month_ends
from kpi.store.deliveries import note_failure

if TYPE_CHECKING:
    from kpi.store import Store


#: The ways in which deliveries come, as they are noted.
INBOX, HTTP, COMMAND = "inbox", "http", "command"


def deliver(
    store: Store,
    path: Path,
    *,
    way: str,
    who: str,
    profile: str = "",
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> LoadOutcome:
    """Load a file nobody watches; the outcome says what came of it, in the language spoken now.

    Args:
        store: to load it into.
        path: the file; by its name its profile is found.
        way: `INBOX` or `HTTP`.
        who: brought it.
        profile: name of the saved profile; empty: the one meant for such file names, else as the
            headers tell, where they leave no doubt.
        progress, cancel: see `kpi.ingest.load`.

    Raises:
        Cancelled: when `cancel` said so; nothing was loaded.
        StoreProblem: the store could not take it; the file may be as good as any.
    """
    chosen: Profile | None = None
    name = profile
    try:
        chosen = by_name(store, profile) if profile else by_file(store, path.name)
    except NoProfile as problem:
        outcome = LoadOutcome(path.name, refused=str(problem))
    else:
        name = chosen.name if chosen is not None else ""
        keep_month_ends(store)
        outcome = load(store, path, chosen, who=who, progress=progress, cancel=cancel)
        if outcome.import_id is not None:
            keep_month_ends(store)
    if outcome.refused is not None:
        # A file that cannot be read at all cannot be loaded by hand either: its reason says enough.
        if outcome.proposal is not None and outcome.proposal.refused is None:
            outcome = replace(outcome, refused=_in_doubt(outcome.refused))
        digest = hash_of(path) if path.is_file() else ""
        note_failure(store, path.name, way, outcome.refused or "", profile=name, digest=digest)
    return outcome


def _in_doubt(reason: str) -> str:
    return _(
        "No saved profile is meant for files of this name, and the headers leave doubt: {reason} "
        "Load it once by hand and keep the profile for the next file."
    ).format(reason=reason)
