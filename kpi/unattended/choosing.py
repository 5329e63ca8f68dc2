"""Which saved profile a file is read with: by name, or the one that is meant for such file names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from kpi.i18n import _
from kpi.ingest import Profile, ProfileProblem, parse_profile
from kpi.suggest import suggest
from kpi.zones import to_local

if TYPE_CHECKING:
    from kpi.store import Store


class NoProfile(Exception):
    """No profile can be chosen; `str()` says why in a sentence."""


def saved(store: Store) -> dict[str, tuple[str, str]]:
    """The saved profiles in force today: name → its text, and the file names it is meant for."""
    today = to_local(datetime.now(UTC).replace(tzinfo=None), store.settings.time_zone).date()
    return {
        row["profile"]: (row["toml"], row["file_pattern"] or "")
        for row in store.configuration.rows("feed_profiles", today)
        if row["toml"]
    }


def by_name(store: Store, name: str) -> Profile:
    """The saved profile of that name.

    Raises:
        NoProfile: there is none, or it cannot be used.
    """
    known = saved(store)
    if name in known:
        return _parsed(name, known[name][0])
    near = suggest(name, known)
    if near:
        raise NoProfile(
            _("There is no saved profile {name}. Do you mean {other}?").format(
                name=name, other=near
            )
        )
    raise NoProfile(_("There is no saved profile {name}.").format(name=name))


def by_file(store: Store, file: str) -> Profile | None:
    """The saved profile for files of this name; None for none.

    Raises:
        NoProfile: several are meant for it, or the one cannot be used.
    """
    fitting = {
        name: text
        for name, (text, pattern) in saved(store).items()
        if any(_fits(file, one) for one in (pattern, *_own_patterns(text)))
    }
    if len(fitting) > 1:
        raise NoProfile(
            _("Several profiles are meant for files named {file}: {names}.").format(
                file=file, names=", ".join(sorted(fitting))
            )
        )
    return next((_parsed(name, text) for name, text in fitting.items()), None)


def _own_patterns(text: str) -> Iterator[str]:
    try:
        yield from parse_profile(text).files
    except ProfileProblem:
        return


def _fits(file: str, pattern: str) -> bool:
    return bool(pattern) and fnmatchcase(file.casefold(), pattern.casefold())


def _parsed(name: str, text: str) -> Profile:
    try:
        # By the name that it is saved under its deliveries are known again.
        return replace(parse_profile(text), name=name)
    except ProfileProblem as problem:
        raise NoProfile(
            _("The profile {name} cannot be used: {problem}").format(name=name, problem=problem)
        ) from problem
