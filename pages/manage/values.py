"""Values as they are offered to choose from: what a column knows, how dates, numbers and units are written."""

from __future__ import annotations

from collections.abc import Sequence

from kpi import escape
from kpi.i18n import _
from kpi.ingest import Profile, Proposal
from kpi.ingest.profiles import DurationUnit, Take
from kpi.schema import TABLES
from kpi.schema.model import Column
from kpi.text import N_
from pages.manage import words
from pages.shared import data

#: Orders of day, month and year, as a date that shows them.
ORDERS = {"dmy": "31-12-2026", "mdy": "12-31-2026", "ymd": "2026-12-31"}
_UNITS = {
    DurationUnit.S: N_("seconds"),
    DurationUnit.MS: N_("milliseconds"),
    DurationUnit.MIN: N_("minutes"),
    DurationUnit.HMS: N_("minutes and seconds, 2:03"),
}
_TAKES = {
    Take.FIRST: N_("the first"),
    Take.LAST: N_("the last"),
    Take.MIN: N_("the smallest or earliest"),
    Take.MAX: N_("the largest or latest"),
}
_STATUSES = {
    "open": N_("open"), "waiting": N_("waiting"), "closed": N_("closed"),
    "withdrawn": N_("withdrawn"),
}  # fmt: skip
_SENTIMENTS = {"negative": N_("negative"), "neutral": N_("neutral"), "positive": N_("positive")}
_METRICS = {
    "grade10": N_("grade 1-10"), "csat5": N_("satisfaction 1-5"), "nps": N_("recommendation 0-10"),
    "ces7": N_("ease 1-7"), "clear": N_("clear, yes or no"), "correct": N_("correct, yes or no"),
    "complete": N_("complete, yes or no"), "resolved": N_("resolved, yes or no"),
}  # fmt: skip
_KINDS = {
    "status": N_("a change of status"), "work": N_("work, with begin and end"),
    "handoff": N_("a handover between departments"), "moment": N_("a step in the chain"),
    "note": N_("a note"),
}  # fmt: skip


def choices(column: Column) -> dict[str, str]:
    """The values that a column knows, each with its name on screen; empty for free text."""
    if column.coded == "status":
        return statuses()
    if column.coded in {"process", "channel", "department", "cause", "reason"}:
        found = data.store().configuration.configured(column.coded, data.default_day())
        known = data.channels if column.coded == "channel" else data.processes
        ordered = (
            known(data.default_day()) if column.coded in {"process", "channel"} else sorted(found)
        )
        return {value: data.title(column.coded, value) for value in ordered}
    return {value: name_of(column, value) for value in column.values}


def name_of(column: Column, value: str) -> str:
    """One value of an enumeration as it is said."""
    said = {"metric": _METRICS, "kind": _KINDS}.get(column.name, {})
    return _(said[value]) if value in said else value


def title_of(column: Column, value: str) -> str:
    """A value as people say it: of a configured code its title, of an enumeration its name."""
    return choices(column).get(value, value) if column.coded else name_of(column, value)


def feed_title(profile: Profile | None, number: int, table: str) -> str:
    """A table's name, with the question or the step where one file fills it several times."""
    title = words.table_title(table)
    feeds = profile.feeds if profile is not None else ()
    if sum(feed.table == table for feed in feeds) < 2 or number >= len(feeds):
        return title
    columns = feeds[number].columns
    for name in ("metric", "step", "kind"):
        if name in columns and (value := columns[name].value):
            return f"{title} · {name_of(TABLES[table].by_name[name], value)}"
    return title


def units(*, with_clock: bool = True) -> dict[str, str]:
    """What a duration may be written in."""
    return {
        unit.value: _(said)
        for unit, said in _UNITS.items()
        if with_clock or unit is not DurationUnit.HMS
    }


def takes() -> dict[str, str]:
    """Which value counts where a key repeats."""
    return {take.value: _(said) for take, said in _TAKES.items()}


def statuses() -> dict[str, str]:
    """What a status can mean."""
    return {value: _(said) for value, said in _STATUSES.items()}


def sentiments() -> dict[str, str]:
    """What an emotion can tell of."""
    return {value: _(said) for value, said in _SENTIMENTS.items()}


def kinds() -> dict[str, str]:
    """What an event of a case can be."""
    return {value: _(said) for value, said in _KINDS.items()}


def metrics() -> dict[str, str]:
    """The questions that an answer sheet may hold."""
    return {value: _(said) for value, said in _METRICS.items()}


def short(value: str) -> str:
    """A value of a file, not longer than fits beside others."""
    plain = escape.one_line(value)
    return plain if len(plain) <= 30 else plain[:29] + "…"


def joined(proposal: Proposal, sources: Sequence[str], most: int) -> list[str]:
    """Some values of a column that is filled from these, joined as they are read."""
    rows = zip(*(proposal.samples.get(source, ()) for source in sources), strict=False)
    return [short(" ".join(row)) for row in rows][:most]


def plain(value: str) -> str:
    """A value of a file inside a label, where Streamlit reads Markdown."""
    return escape.markdown(short(value))
