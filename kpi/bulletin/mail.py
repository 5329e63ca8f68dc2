"""One thing told in a mail: a sentence of fact, what stands behind it, and a way to the screen.

The HTML is tables with inline style, for Outlook reads no other; nothing in it is fetched. The
plain text says the same, and is what goes to channels that are no mail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kpi.bulletin.render import render
from kpi.i18n import _

#: The colours of a mail: a mail program knows no style sheet, and Outlook no dark mode.
INK, QUIET, RULE, GROUND = "#151C26", "#566070", "#D5DAE0", "#F4F6F8"
GOOD, WARN, BAD = "#0B7A6B", "#8A5200", "#C0341D"
#: Longest line of the plain part; mail programs wrap longer ones anywhere.
WIDTH = 76


@dataclass(frozen=True)
class Note:
    """What one mail tells.

    Attributes:
        title: a sentence of fact; the subject too.
        kind: above it, in a word or two ("Alert", "Recovered").
        colour: of that word.
        facts: label and text.
        href: the exact screen; empty where nobody said under which address that is.
        foot: why one gets this, and how to have it otherwise.
    """

    title: str
    kind: str
    colour: str
    facts: tuple[tuple[str, str], ...]
    href: str = ""
    foot: tuple[str, ...] = ()

    @property
    def html(self) -> str:
        """The HTML part, whole."""
        return render("mail_note.jinja", note=self, **colours())

    @property
    def text(self) -> str:
        """The plain part."""
        return plain(self._lines())

    def _lines(self) -> Iterator[str]:
        yield self.title
        yield ""
        for label, text in self.facts:
            yield f"{label}: {text}"
        if self.href:
            yield ""
            yield _("Look: {address}").format(address=self.href)
        if self.foot:
            yield ""
            yield "--"
            yield from self.foot


def colours() -> dict[str, str]:
    """The colours by the names that templates know them by."""
    return {
        "ink": INK, "quiet": QUIET, "rule": RULE, "ground": GROUND,
        "good": GOOD, "warn": WARN, "bad": BAD,
    }  # fmt: skip


def plain(lines: Iterator[str]) -> str:
    """Lines as a plain text, long ones wrapped between words; an address is never broken."""
    wrapped: list[str] = []
    for line in lines:
        wrapped += _wrapped(line)
    return "\n".join(wrapped) + "\n"


def _wrapped(line: str) -> Iterator[str]:
    # By plain spaces only: a number and its unit are joined by another.
    made = ""
    for word in line.split(" "):
        if made and len(made) + 1 + len(word) > WIDTH:
            yield made
            made = f"  {word}"
        else:
            made = f"{made} {word}" if made else word
    yield made
