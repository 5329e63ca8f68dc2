"""Files in: read in a process of their own, mapped, checked, staged and loaded.

    propose(path, settings)             what a file seems to be, and what is open to doubt
    load(store, path, profile)          read, check and load it; the outcome says what happened
    stage(path, profile, staging, ...)  read and check it, to load later
    bring_in(store, manifest)           load what was staged

Names are imported when they are asked for: the process that reads a file needs few of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpi.ingest.loading import LoadOutcome, bring_in, load, stage
    from kpi.ingest.problems import Cancelled, ProfileProblem, Refused
    from kpi.ingest.profile_keys import parse_profile
    from kpi.ingest.profile_text import write_profile
    from kpi.ingest.profiles import Profile
    from kpi.ingest.proposal import Proposal, propose

_WHERE = {
    "Cancelled": "problems",
    "LoadOutcome": "loading",
    "Profile": "profiles",
    "ProfileProblem": "problems",
    "Proposal": "proposal",
    "Refused": "problems",
    "bring_in": "loading",
    "load": "loading",
    "parse_profile": "profile_keys",
    "propose": "proposal",
    "stage": "loading",
    "write_profile": "profile_text",
}

__all__ = [
    "Cancelled",
    "LoadOutcome",
    "Profile",
    "ProfileProblem",
    "Proposal",
    "Refused",
    "bring_in",
    "load",
    "parse_profile",
    "propose",
    "stage",
    "write_profile",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
