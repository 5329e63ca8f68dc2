"""Profiles that were kept in the product: which one a file is meant for; and those to start from.

Whoever brings a file is served by the same choice. Somebody who looks at it gets the profile that
fits best, by name or by columns; where nobody looks, a name that two profiles are meant for is no
answer, and columns are none either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase

from kpi.i18n import _
from kpi.ingest.problems import ProfileProblem
from kpi.ingest.profile_keys import parse_profile
from kpi.ingest.profiles import Profile
from kpi.settings import project_folder
from kpi.store import Configuration, Store
from kpi.suggest import suggest
from kpi.zones import to_local

#: So many columns of a profile must be in a file before it is known by them alone.
_TELLING = 3
#: What the rows that were set aside are called as a file, with the number of their import.
_MENDED = re.compile(r"(?:apart-gezet|set-aside)-(\d+)(?!\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Kept:
    """A profile and how it fits a file.

    Attributes:
        name, text: as it was kept.
        pattern: file names it is meant for; several with a semicolon between them.
        named: the file's name is one of those.
        absent: columns that it reads and the file does not have.
        problem: why it cannot be used at all; empty when it can.
    """

    name: str
    text: str
    pattern: str = ""
    named: bool = False
    absent: tuple[str, ...] = ()
    problem: str = ""

    @property
    def fits(self) -> bool:
        """Whether the file can be read with it."""
        return not self.absent and not self.problem

    def profile(self) -> Profile:
        """The profile, under the name it is kept by: so its deliveries are known again.

        Raises:
            NoProfile: it cannot be used.
        """
        if self.problem:
            raise NoProfile(
                _("The profile {name} cannot be used: {problem}").format(
                    name=self.name, problem=self.problem
                )
            )
        return replace(parse_profile(self.text), name=self.name)


class NoProfile(Exception):
    """No profile can be chosen; `str()` says why in a sentence."""


def today(store: Store) -> date:
    """The local day on which profiles are looked up."""
    return to_local(datetime.now(UTC).replace(tzinfo=None), store.settings.time_zone).date()


def mended_import(file: str) -> int | None:
    """The import whose set-aside rows a file holds, by the name that the download gives it.

    >>> mended_import("apart-gezet-12 (1).csv"), mended_import("zaken.csv")
    (12, None)
    """
    match = _MENDED.match(file)
    return int(match[1]) if match else None


def of_mended(store: Store, file: str) -> Profile | None:
    """How rows that were set aside and mended are read: as their import was; else None."""
    number = mended_import(file)
    reading = store.reading_of(number) if number is not None else None
    if reading is None:
        return None
    try:
        return parse_profile(reading.profile_text)
    except ProfileProblem:
        return None


def kept_profiles(
    configuration: Configuration, on: date, file: str = "", columns: Sequence[str] | None = None
) -> list[Kept]:
    """Every profile that is in use on a day, and how it fits a file of that name and those columns."""
    return [
        _kept(row["profile"], row["toml"], row["file_pattern"] or "", file, columns)
        for row in configuration.rows("feed_profiles", on)
        if row["toml"]
    ]


def by_name(store: Store, name: str) -> Profile:
    """The kept profile of that name.

    Raises:
        NoProfile: there is none, or it cannot be used.
    """
    kept = {one.name: one for one in kept_profiles(store.configuration, today(store))}
    if name in kept:
        return kept[name].profile()
    near = suggest(name, kept)
    if near:
        raise NoProfile(
            _("There is no saved profile {name}. Did you mean {other}?").format(
                name=name, other=near
            )
        )
    raise NoProfile(_("There is no saved profile {name}.").format(name=name))


def by_file(store: Store, file: str) -> Profile | None:
    """The profile for files of this name, where nobody looks at them; None for none.

    Rows that were set aside and mended are read as their import was; other files with the profile
    that is kept for them.

    Raises:
        NoProfile: several are meant for it, or the one cannot be used.
    """
    mended = of_mended(store, file)
    if mended is not None:
        return mended
    kept = kept_profiles(store.configuration, today(store), file)
    meant = [one for one in kept if one.named]
    if len(meant) > 1:
        raise NoProfile(
            _("Several profiles are meant for files named {file}: {names}.").format(
                file=file, names=", ".join(sorted(one.name for one in meant))
            )
        )
    return meant[0].profile() if meant else None


def fitting(kept: Sequence[Kept]) -> Kept | None:
    """The profile that a file is read with: by its name, else by its columns; None when unsure.

    Of several the one that reads most columns; two that read as many are no answer.
    """
    able = [one for one in kept if one.fits]
    by_name = [one for one in able if one.named]
    ranked = sorted(by_name or able, key=_told, reverse=True)
    if not ranked or (not by_name and _told(ranked[0]) < _TELLING):
        return None
    if not by_name and len(ranked) > 1 and _told(ranked[0]) == _told(ranked[1]):
        return None
    return ranked[0]


def meant_for(pattern: str, file: str) -> bool:
    """Whether a file name is one of those of a pattern."""
    wanted = [one.strip().casefold() for one in pattern.split(";")]
    return any(one and fnmatchcase(file.casefold(), one) for one in wanted)


def starting_points() -> list[Kept]:
    """The profiles that come with the product, made for systems that many have: to begin with."""
    found = []
    for path in sorted((project_folder() / "data" / "profiles").glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        profile = parse_profile(text)
        found.append(Kept(profile.name or path.stem, text, "; ".join(profile.files)))
    return found


def against(kept: Kept, file: str, columns: Sequence[str]) -> Kept:
    """The same profile, held against a file."""
    return _kept(kept.name, kept.text, kept.pattern, file, columns)


def _kept(name: str, text: str, pattern: str, file: str, columns: Sequence[str] | None) -> Kept:
    named = meant_for(pattern, file)
    try:
        profile = parse_profile(text)
    except ProfileProblem as problem:
        return Kept(name, text, pattern, named, problem=str(problem))
    named = named or any(meant_for(one, file) for one in profile.files)
    absent = () if columns is None else _absent(profile, columns)
    return Kept(name, text, pattern, named, absent)


def _absent(profile: Profile, columns: Sequence[str]) -> tuple[str, ...]:
    wanted = dict.fromkeys(name for feed in profile.feeds for name in feed.named)
    return tuple(name for name in wanted if name not in columns)


def _told(kept: Kept) -> int:
    profile = parse_profile(kept.text)
    return len({name for feed in profile.feeds for name in feed.named})
