"""What a value from a source is understood to be.

A value is looked up trimmed and in lower case. Of what it may match, the first that does decides:
a configured code, the id of something configured, its Dutch or its English title, a word that is
understood without configuration. What matches nothing stays as it came, and so does a code that is
ignored on purpose.

The configuration is small, so the dictionary is made here in Python: for each word the spans of
days in which it has one meaning. The facts are looked up in it by one join per column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from kpi.calendar import in_force
from kpi.schema import Type
from kpi.sql import BEGINNING, END, Expression, folded, text_or_null
from kpi.store.configuration import DICTIONARIES
from kpi.store.prepare.steps import Steps
from kpi.store.prepare.versions import counts_on, histories, read

#: Status words understood without configuration (data model, "Status words").
STATUS_WORDS = {
    "open": "open",
    "new": "open",
    "nieuw": "open",
    "in behandeling": "open",
    "pending": "open",
    "wachten": "waiting",
    "on hold": "waiting",
    "waiting": "waiting",
    "closed": "closed",
    "solved": "closed",
    "resolved": "closed",
    "gesloten": "closed",
    "afgehandeld": "closed",
    "gereed": "closed",
    "afgemeld": "closed",
    "withdrawn": "withdrawn",
    "ingetrokken": "withdrawn",
    "geannuleerd": "withdrawn",
}

#: Dictionaries with a table of their own; emotions have only codes, and are not prepared.
CONFIGURED = ("process", "reason", "channel", "cause", "department", "moment")
_COLUMNS = {
    "dictionary": Type.TEXT,
    "word": Type.TEXT,
    "valid_from": Type.DATE,
    "valid_until": Type.DATE,
    "understood": Type.TEXT,
}
Version = Mapping[str, Any]


class Meaning(NamedTuple):
    """What a folded word means from `valid_from` up to (not including) `valid_until`."""

    dictionary: str
    word: str
    valid_from: date
    valid_until: date
    understood: str


def fold(text: str) -> set[str]:
    """`text` as SQL looks it up; twice where lower case and case-folding differ (ß)."""
    return {text.strip().lower(), text.strip().casefold()} - {""}


def meanings(
    dictionary: str, configured: list[list[Version]], codes: list[list[Version]]
) -> Iterator[Meaning]:
    """The words of one dictionary, each with the spans in which it means one thing.

    Args:
        dictionary: its name.
        configured: per id, all versions of its row.
        codes: per code of this dictionary, all versions of its row.
    """
    days = {version["valid_from"] for versions in (*configured, *codes) for version in versions}
    began: dict[str, tuple[date, str]] = {}
    for day in [BEGINNING, *sorted(days - {BEGINNING})]:
        now = _meanings_on(day, dictionary, configured, codes)
        for word, (since, understood) in list(began.items()):
            if now.get(word) != understood:
                yield Meaning(dictionary, word, since, day, understood)
                del began[word]
        for word, understood in now.items():
            began.setdefault(word, (day, understood))
    for word, (since, understood) in began.items():
        yield Meaning(dictionary, word, since, END, understood)


def _meanings_on(
    day: date, dictionary: str, configured: list[list[Version]], codes: list[list[Version]]
) -> dict[str, str]:
    column = dictionary
    now = [row for versions in configured if (row := in_force(versions, day)) is not None]
    now.sort(key=lambda row: str(row[column]))
    found: dict[str, str] = {}
    # The least decisive first: what follows overwrites it. Of two ids with one title the first in
    # the alphabet, so that the order in the table does not matter.
    if dictionary == "status":
        found |= STATUS_WORDS
    for source in ("title_en", "title_nl", column):
        for row in reversed(now):
            found |= dict.fromkeys(fold(row[source] or ""), row[column])
    plain = dict(found)
    for versions in codes:
        code = in_force(versions, day)
        if code is None:
            continue
        for word in fold(code["as_came"]):
            if code["ignored"] or not (code["understood"] or "").strip():
                found.pop(word, None)
            else:
                # A code may name what it means by its title too.
                wanted = code["understood"].strip()
                found[word] = plain.get(wanted.lower(), wanted)
    return found


def hold_words(steps: Steps) -> sa.Table:
    """All dictionaries as one temporary table, a row per word and span of days."""
    codes = read(steps.connection, "codes")
    rows: list[Meaning] = []
    for dictionary in ("status", *CONFIGURED):
        own = [code for code in codes if code["dictionary"] == dictionary]
        name = DICTIONARIES.get(dictionary)
        configured = list(histories(name, read(steps.connection, name))) if name else []
        rows += meanings(dictionary, configured, list(histories("codes", own)))
    return steps.hold("words", _COLUMNS, rows)


class Lookup(NamedTuple):
    """One column looked up: what to outer join, on what, and what is understood then."""

    words: sa.FromClause
    condition: Expression
    understood: Expression


def look_up(words: sa.Table, dictionary: str, raw: Expression, day: Expression) -> Lookup:
    """The column `raw` as understood on `day`: an id, the value as it came, or null when empty."""
    alias = words.alias()
    condition = sa.and_(
        alias.c.dictionary == dictionary, alias.c.word == folded(raw), counts_on(alias, day)
    )
    return Lookup(alias, condition, sa.func.coalesce(alias.c.understood, text_or_null(raw)))
