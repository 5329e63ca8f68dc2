"""One record of delimited text into its cells, strictly; what is not strict says so.

The grammar is RFC 4180 with one leniency that loses nothing: blanks around a quoted cell. A quote
inside an unquoted cell is a character like any other. Everything else (text after a closing quote,
a quote that is never closed) is reported, for `kpi.ingest.records` to judge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property


class State(Enum):
    """How a text was read."""

    WHOLE = "whole"
    #: A quote is open at the end: the record may go on in the next line.
    OPEN = "open"
    #: A quoted cell holds quotes that are not doubled; read up to the last that can close it.
    STRAY = "stray"


@dataclass(frozen=True)
class Dialect:
    """How cells are told apart.

    Attributes:
        delimiter: one character; empty: each line is one cell.
        quote: one character; empty: nothing is quoted.
        escape: character that makes the next one ordinary inside quotes; empty: a quote inside
            quotes is doubled.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""

    @cached_property
    def _blanks(self) -> str:
        return "".join({" ", "\t"} - {self.delimiter})

    @cached_property
    def _end(self) -> str:
        blanks = f"[{self._blanks}]*" if self._blanks else ""
        return rf"{blanks}(?={re.escape(self.delimiter)}|\Z)" if self.delimiter else rf"{blanks}\Z"

    @cached_property
    def _begin(self) -> str:
        return (f"[{self._blanks}]*" if self._blanks else "") + re.escape(self.quote)

    @cached_property
    def _quoted(self) -> re.Pattern[str]:
        quote, escape = re.escape(self.quote), re.escape(self.escape)
        inside = (
            rf"(?:[^{quote}{escape}]++|{escape}.|{quote}{quote})*+"
            if self.escape
            else rf"(?:[^{quote}]++|{quote}{quote})*+"
        )
        return re.compile(rf"{self._begin}({inside}){quote}{self._end}", re.DOTALL)

    @cached_property
    def _stray(self) -> re.Pattern[str]:
        return re.compile(rf"{self._begin}(.*?){re.escape(self.quote)}{self._end}", re.DOTALL)

    @cached_property
    def _opens(self) -> re.Pattern[str]:
        return re.compile(self._begin)

    def plain(self, inside: str) -> str:
        """What a quoted cell says: doubled quotes single, escapes taken away."""
        if self.escape:
            inside = re.sub(re.escape(self.escape) + r"(.)", r"\1", inside, flags=re.DOTALL)
        return inside.replace(self.quote * 2, self.quote)

    def quotes(self, text: str) -> int:
        """Quotes in `text` that can open or close a cell."""
        if not self.quote:
            return 0
        found = text.count(self.quote)
        return found - text.count(self.escape + self.quote) if self.escape else found

    def cells(self, text: str) -> tuple[list[str], State]:
        """The cells of one record, and how it was read; of an open record those before it opens."""
        delimiter, quote = self.delimiter, self.quote
        if not quote or quote not in text:
            return (text.split(delimiter) if delimiter else [text]), State.WHOLE
        found: list[str] = []
        state = State.WHOLE
        at = 0
        while True:
            if match := self._quoted.match(text, at):
                found.append(self.plain(match[1]))
                at = match.end()
            elif self._opens.match(text, at):
                match = self._stray.match(text, at)
                if not match:
                    return found, State.OPEN
                state = State.STRAY
                found.append(self.plain(match[1]))
                at = match.end()
            else:
                end = text.find(delimiter, at) if delimiter else -1
                end = len(text) if end < 0 else end
                found.append(text[at:end])
                at = end
            if at >= len(text):
                return found, state
            at += len(delimiter)
