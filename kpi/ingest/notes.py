"""What is noticed while reading and kept with an import: each sentence once, with its places.

They are stored filled in, in English. `shown` finds the sentence again and says it in the language
spoken now.
"""

from __future__ import annotations

import re
from functools import cache

from kpi.i18n import _
from kpi.ingest.problems import Said, say
from kpi.text import N_

DOUBLED_HOUR = N_(
    "{column}: times in the doubled hour when summer time ends, read as the first of the two: {n}."
)
SKIPPED_HOUR = N_(
    "{column}: times that do not exist because summer time begins, moved one hour on: {n}."
)
SHORT_YEARS = N_("{column}: years are written with two digits and were read as {first} to {last}.")
CLOSED_BEFORE_OPENED = N_("Cases that were closed before they were opened: {n}.")
AFTER_AS_OF = N_("{column}: times after the extract's cut-off: {n}.")
UNKNOWN_STATUS = N_(
    "Status words that are not understood, so left out of timings: {values} ({n} rows)."
)
NOT_CONFIGURED = N_("{column}: values that are not configured yet: {values} ({n} rows).")
WRAPPED = N_("Every row stood in quotes as a whole; they were taken off.")
NULS = N_("NUL characters taken out: {n}.")
STRAY_QUOTES = N_("Rows with quotes that were not doubled, read as they stand: {n}.")
FOOTER = N_("Rows at the end left out as a footer: {n}.")
SHEETS = N_(
    "Sheets of the workbook that were not read: {names}. A profile chooses one with `sheet`."
)
ABOVE = N_("Lines above the header that were not read: {n}.")
MERGED = N_("{table}: rows that share their key with a later or newer row of the file: {n}.")
SECOND_NAME = N_("Two columns are called {name}; the first was read.")
NO_ROWS = N_("The file has a header and no rows.")
UNREAD = N_("Columns that were not read: {names}.")

ALL = (
    DOUBLED_HOUR, SKIPPED_HOUR, SHORT_YEARS, CLOSED_BEFORE_OPENED, AFTER_AS_OF, UNKNOWN_STATUS,
    NOT_CONFIGURED, WRAPPED, NULS, STRAY_QUOTES, FOOTER, SHEETS, ABOVE, MERGED, SECOND_NAME, NO_ROWS,
    UNREAD,
)  # fmt: skip


#: What a dictionary of codes is called.
DICTIONARY_TITLES = {
    "process": N_("Customer process"),
    "reason": N_("Reason for contact"),
    "channel": N_("Channel"),
    "cause": N_("Cause"),
    "department": N_("Department"),
    "moment": N_("Contact moment"),
}


def english(said: Said) -> str:
    """The sentence as it is stored."""
    message, values = said
    return message.format(**values)


def shown(stored: str) -> str:
    """A stored sentence in the language spoken now."""
    for message in ALL:
        if found := _pattern(message).fullmatch(stored):
            values = found.groupdict()
            if message == NOT_CONFIGURED:
                values["column"] = _(DICTIONARY_TITLES.get(values["column"], values["column"]))
            return say((message, values))
    return _(stored)


def of_codes(stored: str) -> bool:
    """Whether a stored sentence is about words and codes that nobody said the meaning of."""
    return any(_pattern(message).fullmatch(stored) for message in (UNKNOWN_STATUS, NOT_CONFIGURED))


@cache
def _pattern(message: str) -> re.Pattern[str]:
    """The sentence with each place open."""
    parts = re.split(r"\{(\w+)\}", message)
    pattern = "".join(
        f"(?P<{part}>.*)" if place % 2 else re.escape(part) for place, part in enumerate(parts)
    )
    return re.compile(pattern, re.DOTALL)
