"""Text from files and configuration made harmless for the place it goes to.

A cell may hold anything: Markdown that fetches a picture, a formula, a line break in a header.
HTML is escaped by `kpi.bulletin`; this is for the other two ways out.
"""

from __future__ import annotations

import re
import unicodedata

# Everything Markdown, GitHub's additions and Streamlit's own (":red[", ":material/…", "$") give a
# meaning to. A backslash before punctuation is always plain text in CommonMark.
_MEANING = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:@&=^\"'/])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
#: The same without what makes lines and columns of our own messages.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
#: What a bare address begins with; and the sign in the middle of a mail address.
_ADDRESS = re.compile(r"https?:|www(?=\.)|(?<=\S)@(?=\S)", re.IGNORECASE)
#: The hyphens of a date: a browser would break the line after each.
_IN_DATE = re.compile(r"(?<=\b\d\d)-(?=\d\d-\d{4}\b)|(?<=\b\d\d-\d\d)-(?=\d{4}\b)")
#: What makes a spreadsheet take a cell for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def markdown(text: object) -> str:
    """`text` for a place where Streamlit reads Markdown: it shows these characters, and no link.

    A bare address becomes a link after all escapes are read, so an invisible joiner breaks it; the
    same joiner keeps a date on one line.
    """
    joined = _ADDRESS.sub("\\g<0>\u2060", one_line(text))
    return _MEANING.sub(r"\\\1", _IN_DATE.sub("-\u2060", joined))


def one_line(text: object) -> str:
    """`text` without control characters, line breaks and marks that turn its direction."""
    return _CONTROL.sub(" ", str(text)).strip()


def terminal(text: str) -> str:
    """`text` for a terminal: nothing in a file or its name clears the screen or paints it."""
    return _STEERING.sub(" ", text)


def cell(text: str | None) -> str:
    """`text` for a cell of a CSV file: what a spreadsheet would run gets an apostrophe before it.

    Plain numbers stay numbers ("-12,5" is one).
    """
    if not text:
        return ""
    if text.startswith(_FORMULA) and not re.fullmatch(r"[+-]?\d[\d.,]*", text):
        return "'" + text
    return text


def file_name(text: str) -> str:
    """`text` as the name of a download: small letters and hyphens, nothing a header or a disk reads.

    A letter with an accent becomes the letter without it.
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in parts if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].rstrip("-") or "file"
