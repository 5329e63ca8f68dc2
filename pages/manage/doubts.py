"""What should be looked at before loading: which doubts are open, and how each is asked.

A doubt comes as a message id with its values, made for the command line. Here it is asked as a
question, and answered by choosing. What was chosen, or looked at and found right, is settled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from kpi.i18n import _
from kpi.ingest import Profile, Proposal, closing, infer, look
from kpi.ingest import mapping as proposed
from kpi.ingest import open as open_
from kpi.ingest.event_log import log_of
from kpi.ingest.problems import Said, say
from kpi.ingest.profiles import Rule
from kpi.ingest.shaping import lacking
from kpi.schema import TABLES
from kpi.text import N_
from pages.manage import values, words
from pages.manage.upload import Given
from pages.shared import page

#: The same doubts, asked of somebody who looks at the file.
_ASKED: Mapping[str, str] = {
    infer.OPEN_ORDER: N_("{column}: no day is above 12, so day and month look alike. Which is it?"),
    infer.OPEN_SHORT: N_("{column}: years have two digits. How are these dates written?"),
    infer.MIXED_ORDER: N_(
        "{column}: some dates fit only day-month, others only month-day. Look into the source; how "
        "should they be read?"
    ),
    infer.OPEN_DECIMAL: N_("{column}: what does {sample} mean?"),
    proposed.LONG: N_("{header}: in seconds these values are very long. What are they in?"),
    proposed.CONSTANT: N_("The file does not say “{meaning}”. What is it, for all rows?"),
    proposed.ALIKE_DOUBT: N_("Is {header} really “{meaning}”?"),
    proposed.RIVALS: N_(
        "“{meaning}” is read from {header}; {rivals} would do as well. Is that right?"
    ),
    proposed.HASHED: N_(
        "No column tells the rows apart, so a key was made of the whole row. Is each row one of its "
        "own?"
    ),
    proposed.KEY_GUESSED: N_(
        "{header} differs in every row. Is it the key that tells one row from another, also in the "
        "next file?"
    ),
    infer.SERIALS: N_(
        "{column}: the values are day numbers of a spreadsheet; {example} stands for {day}. Read them "
        "so?"
    ),
    open_.NO_WORKBOOK: N_(
        "The name says that this is a workbook, and it is none: it was read as text. Are these the "
        "right rows and columns?"
    ),
    look.NO_TABLE: N_(
        "The headers are not those of any table. Choose what it is; then say which column is which."
    ),
    look.NO_NAMES: N_("Choose what it is; then say which column is which."),
    closing.NO_CLOSING: N_(
        "{header} says of {n} rows that the case is closed. In which column does it say when?"
    ),
    look.TWO_TABLES: N_("The rows may be {first} or {second}. Is it right what is chosen above?"),
}
#: Doubts that choosing a table and its columns takes away, so that they need no answer of their own.
_OF_TABLES = {look.NO_TABLE, look.NO_NAMES, look.NO_DATES, look.LACKING}
#: Doubts about the order of day, month and year: one answer settles them all.
ORDERS = {infer.OPEN_ORDER, infer.OPEN_SHORT, infer.MIXED_ORDER}


def name_of(said: Said) -> str:
    """What tells a doubt from another, whatever language is spoken."""
    message, filled = said
    return message + json.dumps(filled, sort_keys=True, default=str)


#: Asked of an event log that is read as cases: it tells of steps, and not when a case is closed.
LOG_CLOSED = N_("The log has a row per step. When is a case closed?")


def of_mapping(said: Said) -> bool:
    """Whether a doubt is about which table the file is, or which column is which."""
    return said[0] in {
        look.TWO_TABLES, proposed.ALIKE_DOUBT, proposed.RIVALS, proposed.HASHED,
        proposed.KEY_GUESSED, proposed.CONSTANT,
    }  # fmt: skip


def still_open(given: Given) -> list[Said]:
    """The doubts about a file that nobody settled yet."""
    proposal, profile = given.proposal, given.profile
    if proposal is None or given.origin[0] != "found":
        return []
    return [
        said
        for said in (*proposal.doubted, *_of_logs(profile))
        if said[0] not in _OF_TABLES
        and name_of(said) not in given.confirmed
        and (profile is None or _about(said, profile))
    ]


def _of_logs(profile: Profile | None) -> list[Said]:
    """What an event log leaves open: without an answer all its cases would be open for ever."""
    log = log_of(profile) if profile is not None else None
    if profile is None or log is None or log.closed:
        return []
    cases = next(feed.columns for feed in profile.feeds if feed.table == "cases")
    return [(LOG_CLOSED, {})] if cases["status"] == Rule(value="open") else []


def of_tables(given: Given) -> None:
    """Why the file fits no table as it stands; gone when its columns were said."""
    proposal, profile = given.proposal, given.profile
    if proposal is None or given.origin[0] != "found":
        return
    if profile is not None and profile.feeds and not any(map(lacking, profile.feeds)):
        return
    for said in proposal.doubted:
        if said[0] in _OF_TABLES:
            page.told("warning", asked(said, proposal))


def of_column(given: Given, column: str) -> list[Said]:
    """The open doubts about one of our columns."""
    profile = given.profile
    if profile is None:
        return []
    sources = {
        " + ".join(rule.named)
        for feed in profile.feeds
        if (rule := feed.columns.get(column)) is not None
    }
    return [said for said in still_open(given) if said[1].get("column") in {column, *sources}]


def _about(said: Said, profile: Profile) -> bool:
    """Whether a doubt is about something that the profile still reads so."""
    message, filled = said
    rules = [rule for feed in profile.feeds for rule in feed.columns.values()]
    own = [feed.columns[filled["column"]] for feed in profile.feeds
           if filled.get("column") in feed.columns]  # fmt: skip
    if message in {proposed.ALIKE_DOUBT, proposed.RIVALS, proposed.KEY_GUESSED}:
        return any(filled["header"] in rule.sources for rule in own)
    if message == proposed.HASHED:
        return any(rule.hash for rule in own)
    if message == proposed.CONSTANT:
        return any(rule.value is not None for rule in own)
    if message == proposed.LONG:
        return any(filled["column"] in rule.sources and rule.unit is None for rule in rules)
    if message == infer.SERIALS:
        return any(" + ".join(r.named) == filled["column"] and not r.format for r in rules)
    if message == closing.NO_CLOSING:
        return any(
            feed.table == "cases"
            and "closed_at" not in feed.columns
            and filled["header"] in feed.columns.get("status", Rule()).sources
            for feed in profile.feeds
        )
    if message in ORDERS or message == infer.OPEN_DECIMAL:
        return any(" + ".join(rule.named) == filled["column"] for rule in rules)
    return True


def asked(said: Said, proposal: Proposal | None) -> str:
    """A doubt as a question."""
    message, filled = said
    if message not in _ASKED:
        return say(said)
    given = dict(filled)
    column = given.get("column")
    if "table" in given or message in {proposed.ALIKE_DOUBT, proposed.RIVALS}:
        given["meaning"] = _meaning(given.get("table"), column)
    for name in ("first", "second"):
        if given.get(name) in TABLES:
            given[name] = words.table_title(given[name])
    if message == proposed.LONG:
        given["header"] = column
    given["sample"] = _separated(column, proposal)
    if message == proposed.CONSTANT and column == "metric" and "header" in given:
        return _("Which question is answered in {header}?").format(**given)
    return _(_ASKED[message]).format(**given)


def _meaning(table: str | None, column: str | None) -> str:
    tables = [TABLES[table]] if table else [TABLES[name] for name in words.tables()]
    found = next((one.by_name[column] for one in tables if column in one.by_name), None)
    return _(found.meaning) if found else column or ""


def samples_of(said: Said, proposal: Proposal | None) -> str:
    """Some values of the column that a doubt is about; empty for none."""
    if proposal is None:
        return ""
    header = said[1].get("header") or said[1].get("column") or ""
    found = [proposal.samples.get(part, ()) for part in str(header).split(" + ")]
    rows = zip(*found, strict=False)
    return ", ".join(values.short(" ".join(row)) for row in list(rows)[:3])


def _separated(column: str | None, proposal: Proposal | None) -> str:
    """A value of the column with one separator in it, to ask about."""
    samples = proposal.samples.get(column or "", ()) if proposal else ()
    return next((one for one in samples if "," in one or "." in one), samples[0] if samples else "")
