"""A file in which one row is one event of a case, read as cases and their events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kpi.ingest.header import cell_kind
from kpi.ingest.profiles import Feed, Profile, Rule, Take
from kpi.ingest.shaping import ordered, unused
from kpi.schema import TABLES
from kpi.schema.synonyms import fold, synonyms


@dataclass(frozen=True)
class Log:
    """What an event log needs to be known of it: one row is one event of a case.

    Attributes:
        case, moment, step: columns with the case, when it happened and what happened.
        closed: when a case is closed: "last" with its last event, "" not told, else a column.
        kind: of the events (`chain_events.kind`).
    """

    case: str
    moment: tuple[str, ...]
    step: str
    closed: str = ""
    kind: str = "moment"


#: What the column with the steps of an event log is called, folded, besides the names of `value`.
_STEPS = (
    "activiteit",
    "activity",
    "gebeurtenis",
    "event",
    "processtap",
    "taak",
    "task",
    "handeling",
)


def step_of(
    profile: Profile, headers: Sequence[str], values: Mapping[str, Sequence[tuple[str, int]]]
) -> str:
    """The unread column that says which step of a case a row is; empty where none looks like it.

    Args:
        profile, headers: what is read of which columns.
        values: of columns with few different values, each with its rows.
    """
    known = {*synonyms()["chain_events", "value"].names, *_STEPS}
    likely = [
        header
        for header in unused(profile, headers)
        if len(found := values.get(header, ())) > 1
        and all(cell_kind(value) not in {"date", "number", "truth"} for value, _rows in found)
        and 2 * len(found) <= sum(rows for _value, rows in found)
    ]
    named = [header for header in likely if fold(header) in known]
    return next(iter(named or (likely if len(likely) == 1 else [])), "")


def as_log(profile: Profile, log: Log, attributes: Mapping[str, Rule] | None = None) -> Profile:
    """Cases and their events out of one file, in place of what the profile read.

    Args:
        profile: of which reading and name stay.
        log: what the log needs.
        attributes: further columns of the case, repeated on its events.
    """
    known = dict(attributes or {})
    opened = known.get("opened_at")
    own = opened is not None and opened.sources != log.moment
    cases: dict[str, Rule] = {
        **{name: rule for name, rule in known.items() if name in TABLES["cases"].by_name},
        "case_id": Rule(sources=(log.case,)),
        "opened_at": replace(opened, take=None) if opened and own
        else Rule(sources=log.moment, take=Take.MIN),
    }  # fmt: skip
    cases.pop("closed_at", None)
    if log.closed == "last":
        cases["closed_at"] = Rule(sources=log.moment, take=Take.MAX)
        cases["status"] = Rule(value="closed")
    elif log.closed:
        cases["closed_at"] = Rule(sources=(log.closed,))
        cases["status"] = Rule(sources=(log.closed,), present="closed", absent="open")
    elif "status" in cases and cases["status"].sources:
        cases["status"] = replace(cases["status"], take=Take.LAST)
    else:
        cases["status"] = Rule(value="open")
    if not any(rule.take for rule in cases.values()):
        cases["opened_at"] = replace(cases["opened_at"], take=Take.FIRST)
    events = {
        "event_id": Rule(hash=(log.case, log.step, *log.moment)),
        "case_id": Rule(sources=(log.case,)),
        "occurred_at": Rule(sources=log.moment),
        "kind": Rule(value=log.kind),
        "value": Rule(sources=(log.step,)),
    }
    feeds = (
        Feed("cases", ordered("cases", cases)),
        Feed("chain_events", ordered("chain_events", events)),
    )
    return replace(profile, feeds=feeds)


def log_of(profile: Profile) -> Log | None:
    """The event log as which a profile reads its file; None where it reads no cases and steps."""
    by_table = {feed.table: feed.columns for feed in profile.feeds}
    if set(by_table) != {"cases", "chain_events"} or len(profile.feeds) != 2:
        return None
    cases, events = by_table["cases"], by_table["chain_events"]
    needed = (cases.get("case_id"), events.get("occurred_at"), events.get("value"))
    if any(rule is None or not rule.sources for rule in needed):
        return None
    closed = cases.get("closed_at")
    return Log(
        cases["case_id"].sources[0],
        events["occurred_at"].sources,
        events["value"].sources[0],
        "" if closed is None else "last" if closed.take is Take.MAX else closed.sources[0],
        events["kind"].value or "moment",
    )
