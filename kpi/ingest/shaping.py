"""Changing a profile by what somebody wants of the file, without knowing how a profile is written.

Every function gives another profile; none looks at the file. What comes out may still lack a
required column: `lacking` says which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kpi.ingest.match import HASHABLE
from kpi.ingest.profiles import Feed, Profile, Rule, Take
from kpi.schema import TABLES, Column
from kpi.schema.facts import BOOLEAN_WORDS
from kpi.schema.synonyms import fold

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
        feeds[number] = replace(feeds[number], columns=ordered(feeds[number].table, columns))
    return replace(profile, feeds=tuple(feeds))


def ordered(table: str, columns: Mapping[str, Rule]) -> dict[str, Rule]:
    """The columns in the order of the schema."""
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
    return with_feed(profile, Feed("surveys", ordered("surveys", columns), first.only))


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
