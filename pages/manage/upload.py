"""Files that a visitor gave: kept in the staging folder while they are looked at, and no longer."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from kpi.ingest import Profile, ProfileProblem, Proposal, parse_profile, write_profile
from pages.shared import data

if TYPE_CHECKING:
    from pages.manage.check import Checked

_KEY, _CURRENT, _ROUND = "_given", "_given-current", "_given-round"


@dataclass
class Given:
    """One file and all that is known of it by now.

    Attributes:
        token: tells two uploads apart, also of one file.
        path, name, size: of the file.
        proposal: what it seems to be; `spoken` is the language of its sentences.
        text: the profile it is read with, as TOML: the one truth, whoever changes it.
        origin: where that came from ("found", "kept", "start", "mended") and what it is called.
        confirmed: doubts that somebody looked at, by `doubts.name_of`.
        checked: what came of reading it with a profile; `refused` the sentence why it was not.
        tried: the profile that was checked last.
        held: the profile whose check somebody stopped: it is not begun again by itself.
        again: how to look at it anew, where somebody changed how it is read as a whole.
    """

    token: str
    path: Path
    name: str
    size: int
    proposal: Proposal | None = None
    spoken: str = ""
    text: str = ""
    origin: tuple[str, str] = ("found", "")
    confirmed: set[str] = field(default_factory=set)
    checked: Checked | None = None
    refused: Any = None
    tried: str = ""
    held: str = ""
    again: Any = None

    @property
    def profile(self) -> Profile | None:
        """The profile, also one in the making; None when its text cannot be used."""
        try:
            return parse_profile(self.text, complete=False)
        except ProfileProblem:
            return None

    def change(self, profile: Profile) -> None:
        """Read the file with this from now on."""
        self.text = write_profile(profile)

    def drop_check(self) -> None:
        """Let go of what was read."""
        if self.checked is not None:
            self.checked.drop()
        self.checked, self.refused, self.tried = None, None, ""


def given() -> list[Given]:
    """The files that are being looked at, in the order in which they came."""
    found: dict[str, Given] = st.session_state.get(_KEY, {})
    return [one for one in found.values() if one.path.is_file()]


def current() -> Given | None:
    """The file in front; None when there is none."""
    files = given()
    token = st.session_state.get(_CURRENT)
    return next((one for one in files if one.token == token), files[0] if files else None)


def choose(token: str) -> None:
    """Put this file in front."""
    st.session_state[_CURRENT] = token


def receive(uploaded: Iterable[Any]) -> None:
    """Keep what the uploader holds, beside what there was."""
    found: dict[str, Given] = st.session_state.setdefault(_KEY, {})
    for one in uploaded:
        token = str(one.file_id)
        if token in found:
            continue
        folder = Path(tempfile.mkdtemp(prefix="upload-", dir=data.store().staging))
        path = folder / safe_name(one.name)
        path.write_bytes(one.getbuffer())
        found[token] = Given(token, path, path.name, one.size)


def drop(token: str) -> None:
    """Let go of one file and of what was made of it."""
    one: Given | None = st.session_state.get(_KEY, {}).pop(token, None)
    if one is not None:
        one.drop_check()
        shutil.rmtree(one.path.parent, ignore_errors=True)


def drop_all() -> None:
    """Let go of all of them; the uploader is empty again."""
    for token in list(st.session_state.get(_KEY, {})):
        drop(token)
    empty_uploader()


def empty_uploader() -> None:
    """Another key empties the uploader: what it held was received."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def uploader_key() -> str:
    """The key of the uploader now."""
    return f"file-{st.session_state.get(_ROUND, 0)}"


def safe_name(name: str) -> str:
    """A file name that is only a name: no folders, nothing a file system reads otherwise."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w .()+-]", "_", last).strip(". ")
    return plain[-120:] or "file"
