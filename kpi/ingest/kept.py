"""Profiles that were kept in the product: which one a file is meant for; and those to start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch

from kpi.ingest.problems import ProfileProblem
from kpi.ingest.profile_keys import parse_profile
from kpi.ingest.profiles import Profile
from kpi.settings import project_folder
from kpi.store import Configuration

#: So many columns of a profile must be in a file before it is known by them alone.
_TELLING = 3


@dataclass(frozen=True)
class Kept:
    """A profile and how it fits a file.

    Attributes:
        name, text: as it was kept.
        pattern: file names it is meant for; several with a semicolon between them.
        named: the file's name is one of those.
        absent: columns that it reads and the file does not have.
    """

    name: str
    text: str
    pattern: str = ""
    named: bool = False
    absent: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether the file can be read with it."""
        return not self.absent


def kept_profiles(
    configuration: Configuration, on: date, file: str = "", columns: Sequence[str] | None = None
) -> list[Kept]:
    """Every profile that is in use on a day, and how it fits a file of that name and those columns."""
    found = []
    for row in configuration.rows("feed_profiles", on):
        if row["toml"]:
            kept = _kept(row["profile"], row["toml"], row["file_pattern"] or "", file, columns)
            if kept is not None:
                found.append(kept)
    return found


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
    return any(one and fnmatch(file.casefold(), one) for one in wanted)


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
    return _kept(kept.name, kept.text, kept.pattern, file, columns) or kept


def _kept(
    name: str, text: str, pattern: str, file: str, columns: Sequence[str] | None
) -> Kept | None:
    try:
        profile = parse_profile(text)
    except ProfileProblem:
        return None
    named = meant_for(pattern, file) or any(meant_for(one, file) for one in profile.files)
    absent = () if columns is None else _absent(profile, columns)
    return Kept(name, text, pattern, named, absent)


def _absent(profile: Profile, columns: Sequence[str]) -> tuple[str, ...]:
    wanted = dict.fromkeys(name for feed in profile.feeds for name in feed.named)
    return tuple(name for name in wanted if name not in columns)


def _told(kept: Kept) -> int:
    profile = parse_profile(kept.text)
    return len({name for feed in profile.feeds for name in feed.named})
