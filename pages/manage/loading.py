"""Loading what was checked: once, beside the script, with what it did to the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from kpi.commands.who import who
from kpi.i18n import _
from kpi.ingest import Cancelled, LoadOutcome, bring_in
from kpi.numbers import keep_month_ends
from kpi.numbers.before_after import Moved, headlines, moved, period_told
from kpi.periods import Period
from kpi.store import StoreProblem
from pages.manage import doubts, findings, mapping, work
from pages.manage.upload import Given, drop_all
from pages.shared import data, page
from pages.shared.speech import callback

_OUTCOMES, _STOPPED = "_loaded", "_load-stopped"


@dataclass(frozen=True)
class Loaded:
    """One file that was loaded, or was not: what came of it and how it was read."""

    outcome: LoadOutcome
    profile_text: str
    origin: tuple[str, str]


@dataclass(frozen=True)
class Delivery:
    """The files that were loaded together, and what they did to the headlines.

    Attributes:
        files: each with what came of it.
        period: the days that they tell of; None where they tell of none.
        moved: headlines that are otherwise over those days.
        stopped: whether somebody stopped it before all of them were loaded.
    """

    files: tuple[Loaded, ...]
    period: Period | None = None
    moved: tuple[Moved, ...] = ()
    stopped: bool = False


def ready(one: Given) -> bool:
    """Whether a file can be loaded: read whole as it is to be read, and nothing left in doubt."""
    profile = one.profile
    return (
        one.checked is not None
        and one.tried == one.text
        and one.checked.whole
        and one.checked.loads > 0
        and profile is not None
        and not mapping.needed(profile)
        and not doubts.still_open(one)
        and not findings.unseen(one)
    )


@callback
def begin(files: Sequence[Given]) -> None:
    """Load these files; a second click finds it going on."""
    able = [one for one in files if ready(one)]
    if not able:
        return
    about = " ".join(one.token for one in able)
    said = (
        _("Loading {file}:").format(file=able[0].name)
        if len(able) == 1
        else _("Loading {n} files:").format(n=len(able))
    )
    work.start("load", about, said, lambda told, stop: _load(able, told, stop))


def _load(files: Sequence[Given], told: work.Told, stop: work.Stop) -> Delivery:
    """Load the files one by one; months that they close are kept as they are reported now."""
    store = data.store()
    manifests = [one.checked.manifest for one in files if one.checked is not None]
    period = period_told(manifests, store.settings.time_zone)
    told("load", 0)
    keep_month_ends(store)
    before = headlines(store, period) if period else {}
    done: list[Loaded] = []
    stopped = False
    for one, manifest in zip(files, manifests, strict=True):
        try:
            outcome = bring_in(store, manifest, who(), told, stop)
        except Cancelled:
            if not done:
                raise
            stopped = True
            break
        except StoreProblem as problem:
            outcome = LoadOutcome(one.name, refused=str(problem))
        done.append(Loaded(outcome, one.text, one.origin))
    told("numbers", 0)
    keep_month_ends(store)
    changed = moved(before, headlines(store, period)) if period else []
    return Delivery(tuple(done), period, tuple(changed), stopped)


def taken() -> None:
    """Take up what a load gave, when it has ended."""
    ended = work.take("load")
    if ended is None:
        return
    if ended.stopped:
        st.session_state[_STOPPED] = True
    else:
        st.session_state[_OUTCOMES] = ended.result
        drop_all()


def outcomes() -> Delivery | None:
    """What the last load of this visitor gave, until another file is taken up."""
    if st.session_state.pop(_STOPPED, False):
        page.told("info", _("Stopped: nothing was loaded."))
    kept: Delivery | None = st.session_state.get(_OUTCOMES)
    return kept


def forget() -> None:
    """Let go of it."""
    st.session_state.pop(_OUTCOMES, None)
