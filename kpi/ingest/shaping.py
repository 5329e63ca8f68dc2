"""Changing a profile by what somebody wants of the file, without knowing how a profile is written.

Every function gives another profile; none looks at the file. What comes out may still lack a
required column: `lacking` says which.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kpi.ingest.header import cell_kind
from kpi.ingest.match import HASHABLE
from kpi.ingest.profiles import Feed, Profile, Rule, Take
from kpi.schema import TABLES, Column
from kpi.schema.facts import BOOLEAN_WORDS
from kpi.schema.synonyms import fold, synonyms

#: What tells a question apart within one answer sheet: the answer, and which question it is.
QUESTION = ("metric", "score")
#: Parts of a header that say which question it holds, the most telling first.
_ASKED = (
    ("nps", "nps"), ("aanbevel", "nps"), ("recommend", "nps"),
    ("gemak", "ces7"), ("inspanning", "ces7"), ("moeite", "ces7"), ("effort", "ces7"), ("ces", "ces7"),
    ("csat", "csat5"), ("tevreden", "csat5"), ("satisfaction", "csat5"), ("rating", "csat5"),
    ("opgelost", "resolved"), ("resolved", "resolved"), ("duidelijk", "clear"), ("clear", "clear"),
    ("volledig", "complete"), ("complete", "complete"), ("juist", "correct"),
    ("correct", "correct"), ("cijfer", "grade10"), ("grade", "grade10"), ("score", "grade10"),
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Feeds that are shown as one: the questions of an answer sheet share all but two columns."""

    table: str
    feeds: tuple[int, ...]

    @property
    def questions(self) -> bool:
        """Whether its feeds are questions of one answer sheet."""
        return self.table == "surveys"


def groups(profile: Profile) -> list[Group]:
    """The feeds of a profile, those that are questions of one sheet together."""
    found: list[Group] = []
    sheet = [number for number, feed in enumerate(profile.feeds) if feed.table == "surveys"]
    for number, feed in enumerate(profile.feeds):
        if feed.table != "surveys":
            found.append(Group(feed.table, (number,)))
        elif number == sheet[0]:
            found.append(Group("surveys", tuple(sheet)))
    return found


def lacking(feed: Feed) -> list[Column]:
    """Columns that a row cannot do without and that the feed does not fill."""
    return [
        column
        for column in TABLES[feed.table].columns
        if column.required and column.default is None and column.name not in feed.columns
    ]


def unused(profile: Profile, headers: Sequence[str]) -> list[str]:
    """Columns of the file that the profile reads nothing of.

    A key made of a column keeps nothing of what stands in it.
    """
    read = {name for feed in profile.feeds for name in feed.only}
    for feed in profile.feeds:
        read.update(name for rule in feed.columns.values() for name in rule.sources)
    return [header for header in headers if header not in read]


def with_rule(profile: Profile, numbers: Sequence[int], name: str, rule: Rule | None) -> Profile:
    """One column of these feeds filled otherwise; None: not at all."""
    feeds = list(profile.feeds)
    for number in numbers:
        columns = {key: value for key, value in feeds[number].columns.items() if key != name}
        if rule is not None:
            columns[name] = rule
        feeds[number] = replace(feeds[number], columns=_ordered(feeds[number].table, columns))
    return replace(profile, feeds=tuple(feeds))


def _ordered(table: str, columns: Mapping[str, Rule]) -> dict[str, Rule]:
    return {name: columns[name] for name in TABLES[table].column_names if name in columns}


def with_read(profile: Profile, **changes: Any) -> Profile:
    """The file as a whole read otherwise."""
    return replace(profile, read=replace(profile.read, **changes))


def with_only(
    profile: Profile, numbers: Sequence[int], only: Mapping[str, Sequence[str]]
) -> Profile:
    """Only rows that have one of these values in each of these columns."""
    feeds = list(profile.feeds)
    kept = {column: tuple(values) for column, values in only.items() if values}
    for number in numbers:
        feeds[number] = replace(feeds[number], only=kept)
    return replace(profile, feeds=tuple(feeds))


def with_feed(profile: Profile, feed: Feed) -> Profile:
    """The file fills one more table."""
    return replace(profile, feeds=(*profile.feeds, feed))


def without_feeds(profile: Profile, numbers: Sequence[int]) -> Profile:
    """The file no longer fills these; the last feed stays."""
    kept = tuple(feed for number, feed in enumerate(profile.feeds) if number not in numbers)
    return replace(profile, feeds=kept or profile.feeds)


def begun(table: str, headers: Sequence[str], name: str = "") -> Profile:
    """A profile for a file of which nothing was recognised: to be filled column by column."""
    columns: dict[str, Rule] = {}
    for column in TABLES[table].columns:
        if (table, column.name) in HASHABLE:
            columns[column.name] = Rule(hash=tuple(headers))
    return Profile((Feed(table, columns),), name=name or table)


# -- answer sheets ---------------------------------------------------------------------------


def question_of(header: str) -> str | None:
    """Which question a column of an answer sheet holds, by its header; None where it says none."""
    folded = fold(header)
    return next((metric for part, metric in _ASKED if part in folded), None)


def more_questions(
    profile: Profile, headers: Sequence[str], samples: Mapping[str, Sequence[str]]
) -> list[tuple[str, str]]:
    """Columns that look like further questions of an answer sheet, each with its question."""
    found = []
    asked = {
        rule.value
        for feed in profile.feeds
        if feed.table == "surveys" and (rule := feed.columns.get("metric"))
    }
    for header in unused(profile, headers):
        metric = question_of(header)
        values = samples.get(header, ())
        if metric is None or metric in asked or not values:
            continue
        if yes_or_no(values) or all(map(_is_number, values)):
            found.append((header, metric))
            asked.add(metric)
    return found


def _is_number(value: str) -> bool:
    return value.replace(",", ".", 1).replace(".", "", 1).lstrip("-").isdigit()


def yes_or_no(values: Sequence[str]) -> dict[str, str]:
    """What yes and no are as an answer, where a column says nothing else; else empty."""
    said = {value: BOOLEAN_WORDS.get(value.strip().casefold()) for value in values}
    if not said or None in said.values() or all(map(_is_number, values)):
        return {}
    return {value: "1" if truth == "true" else "0" for value, truth in said.items()}


def with_question(
    profile: Profile, numbers: Sequence[int], header: str, metric: str, values: Sequence[str] = ()
) -> Profile:
    """One more question of the answer sheet that these feeds read.

    What was written beside the answers stays with the first question: it is one remark. `values`
    are some answers: yes and no are read as 1 and 0.
    """
    first = profile.feeds[numbers[0]]
    shared = {
        name: rule for name, rule in first.columns.items() if name not in {*QUESTION, "comment"}
    }
    columns = {
        **shared,
        "metric": Rule(value=metric),
        "score": Rule(sources=(header,), map=yes_or_no(values)),
    }
    return with_feed(profile, Feed("surveys", _ordered("surveys", columns), first.only))


# -- several rows of one thing ---------------------------------------------------------------

#: Which value counts where rows of one key are taken together; of the other columns the first.
_TOGETHER = {
    "opened_at": Take.MIN, "started_at": Take.MIN, "closed_at": Take.MAX, "ended_at": Take.MAX,
    "updated_at": Take.MAX, "status": Take.LAST, "outcome": Take.LAST,
}  # fmt: skip


def together(profile: Profile, number: int) -> Profile:
    """Rows of one key as one: the earliest begin, the latest end, the last status."""
    feed = profile.feeds[number]
    columns = {
        name: replace(rule, take=rule.take or _TOGETHER.get(name))
        if rule.sources and name in _TOGETHER
        else rule
        for name, rule in feed.columns.items()
    }
    key = set(TABLES[feed.table].key)
    if not any(rule.take for rule in columns.values()):
        first = next(
            (name for name, rule in columns.items() if rule.sources and name not in key), ""
        )
        columns |= {first: replace(columns[first], take=Take.FIRST)} if first else {}
    feeds = list(profile.feeds)
    feeds[number] = replace(feed, columns=columns)
    return replace(profile, feeds=tuple(feeds))


# -- event logs ------------------------------------------------------------------------------


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
        Feed("cases", _ordered("cases", cases)),
        Feed("chain_events", _ordered("chain_events", events)),
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


# -- customers known otherwise ---------------------------------------------------------------


def known_by(
    profile: Profile, numbers: Sequence[int], header: str, source: str, customer: str = ""
) -> Profile:
    """Contacts (or cases) whose customer is known by a number or a requester only.

    Of phone numbers and e-mail addresses a keyed hash is kept. Where the file has the customer's
    own number in some rows, those rows also tell whose number it is.

    Args:
        profile, numbers: the feeds that have a customer.
        header: column with the number or requester.
        source: what the system is called that knows the customer so.
        customer: column with the customer's own number; empty where the file has none.
    """
    # Said again, it is said otherwise: what was said before is not told beside it.
    kept = tuple(
        feed for number, feed in enumerate(profile.feeds)
        if number in numbers or feed.table != "identities"
        or feed.columns.get("external_id", Rule()).sources != (header,)
    )  # fmt: skip
    changed = with_rule(
        replace(profile, feeds=kept), numbers, "customer_id", Rule(sources=(header,), keyed=True)
    )
    if not customer:
        return changed
    identity = {
        "source": Rule(value=source),
        "external_id": Rule(sources=(header,), keyed=True),
        "customer_id": Rule(sources=(customer,)),
    }
    return with_feed(changed, Feed("identities", identity))


#: A phone number as people write it in the Netherlands and abroad; an e-mail address.
_NUMBER = re.compile(r"(?:\+|00|0)[1-9][\d ()./-]{6,16}\d")
_DIGITS = 9
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")


def numbers_of_customers(
    profile: Profile, headers: Sequence[str], samples: Mapping[str, Sequence[str]]
) -> list[str]:
    """Unread columns of phone numbers or e-mail addresses, where nothing says who the customer is."""
    own = [feed for feed in profile.feeds if "customer_id" in TABLES[feed.table].by_name]
    if not own or any("customer_id" in feed.columns for feed in own):
        return []
    return [
        header
        for header in unused(profile, headers)
        if (values := samples.get(header, ())) and all(map(_reaches_somebody, values))
    ][:1]


def _reaches_somebody(value: str) -> bool:
    digits = sum(character.isdigit() for character in value)
    number = _NUMBER.fullmatch(value) and digits >= _DIGITS
    return bool(number or _ADDRESS.fullmatch(value))
