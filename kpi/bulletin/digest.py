"""An overview on one page, from results to three forms: mail, plain text, and a file for an intranet.

One object goes in; the forms differ only in what they may use. A mail program reads tables with
inline style; a file has a style sheet and pictures. Neither has a script.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from markupsafe import Markup

from kpi import formats
from kpi.bulletin.mail import colours, plain
from kpi.bulletin.render import render, style
from kpi.bulletin.states import State
from kpi.formats import Change
from kpi.i18n import _

#: States that are said in the plain part: what calls for looking.
_SAID = frozenset({State.ATTENTION, State.BAD})


@dataclass(frozen=True)
class Line:
    """One line of a section: a sentence, what stands behind it, a figure and how it changed.

    `part` is the length of its bar, from 0 to 1; `mark` is good, bad or empty.
    """

    text: str
    under: str = ""
    figure: str = ""
    change: Change | None = None
    part: float = 0.0
    mark: str = ""
    href: str = ""

    @property
    def plain(self) -> str:
        """In one line."""
        said = f"{self.text}: {self.figure}" if self.figure else self.text
        if self.change is not None:
            said += f" ({self.change.text})" if self.figure else f"; {self.change.text}"
        return said + (f" - {self.under}" if self.under else "")


@dataclass(frozen=True)
class Section:
    """A heading with its lines; without any, `empty` says why. `ranked`: they have places."""

    title: str
    lines: tuple[Line, ...]
    empty: str = ""
    ranked: bool = False


@dataclass(frozen=True)
class Cell:
    """A value with its state, and its course where a picture may be shown."""

    value: str
    state: State
    spark: Markup = field(default_factory=Markup)


@dataclass(frozen=True)
class Board:
    """Processes by a few numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...], str], ...]
    note: str = ""


@dataclass(frozen=True)
class Digest:
    """An overview.

    Attributes:
        title: whose it is.
        sentence: what it comes down to.
        about: period, what it is compared with, as-of and what it was kept to.
        board: processes and numbers.
        sections: what moved, complaints, outages, actions, alerts.
        foot: what is not in it, and why one gets it.
        links: names and addresses of the same about each process (files only).
        href: the screen in the product; empty where nobody said under which address that is.
    """

    title: str
    sentence: str
    about: tuple[str, ...]
    board: Board
    sections: tuple[Section, ...]
    foot: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    href: str = ""

    @property
    def mail(self) -> str:
        """The HTML part of a mail."""
        return render("digest_mail.jinja", digest=self, State=State, **colours())

    @property
    def page(self) -> str:
        """A page that stands by itself: a file."""
        return render("digest_page.jinja", digest=self, css=style("digest.css"))

    @property
    def text(self) -> str:
        """The plain part of a mail, and what goes to channels that are none."""
        return plain(self._lines())

    def _lines(self) -> Iterator[str]:
        yield self.title
        yield self.sentence
        yield from self.about
        for section in self.sections:
            yield ""
            yield section.title.upper()
            for place, line in enumerate(section.lines, 1):
                yield (f"{place}. " if section.ranked else "- ") + line.plain
            if not section.lines:
                yield section.empty
        yield ""
        yield _("Customer processes").upper()
        for title, cells, _href in self.board.rows:
            said = [
                f"{formats.lower_first(head)} {cell.value}"
                + (f" ({cell.state.word})" if cell.state in _SAID else "")
                for head, cell in zip(self.board.heads, cells, strict=True)
            ]
            yield f"- {title}: " + "; ".join(said)
        if self.href:
            yield ""
            yield _("Look: {address}").format(address=self.href)
        yield ""
        yield "--"
        yield from self.foot
