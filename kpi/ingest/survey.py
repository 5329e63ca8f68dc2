"""A file as bytes: is it text at all, in which encoding, and where do its lines end.

The file is read once, in chunks. What comes out is UTF-8 without a byte-order mark and without NUL:
the file itself where it is that already, else a copy in the staging folder.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kpi.ingest.encodings import Guess, guess_encoding
from kpi.ingest.problems import Refused
from kpi.ingest.records import REPLACEMENT
from kpi.text import N_

CHUNK = 4 << 20
#: First bytes of what is no text: what it is called, by how it begins.
_LOOKS: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "rar"),
)
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"\x7fELF", "ELF"),
)
WORKBOOK_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
#: How a zip file begins that holds nothing, or is one part of several.
ZIP_ODD = (b"PK\x05\x06", b"PK\x07\x08")
#: Endings of names that promise a workbook.
_WORKBOOKS = {".xlsx", ".xlsm"}
PARQUET = b"PAR1"


#: Signs, in UTF-8, of letters that were read in the wrong encoding: Ã, Â, â and what was unreadable.
_BROKEN = (b"\xc3\x83", b"\xc3\x82", b"\xc3\xa2", b"\xef\xbf\xbd")


@dataclass
class Counts:
    """What was counted while reading."""

    size: int = 0
    line_feeds: int = 0
    carriage_returns: int = 0
    pairs: int = 0
    nuls: int = 0
    broken: bool = False
    hashes: bool = False
    _last: bytes = field(default=b"", repr=False)

    def add(self, chunk: bytes) -> None:
        """Count one more chunk."""
        self.size += len(chunk)
        self.line_feeds += chunk.count(b"\n")
        if returns := chunk.count(b"\r"):
            self.carriage_returns += returns
            self.pairs += chunk.count(b"\r\n")
        self.pairs += self._last == b"\r" and chunk[:1] == b"\n"
        self.nuls += chunk.count(b"\0")
        self.hashes = self.hashes or b"#" in chunk
        if not self.broken and not chunk.isascii():
            self.broken = any(sign in chunk for sign in _BROKEN)
        self._last = chunk[-1:]

    @property
    def bare_returns(self) -> int:
        """Carriage returns that no line feed follows."""
        return self.carriage_returns - self.pairs


@dataclass(frozen=True)
class Text:
    """A text file, ready to be read as UTF-8.

    Attributes:
        path: UTF-8 without byte-order mark or NUL.
        encoding: of the original.
        reason: message id: why it was taken to be that.
        doubtful: another encoding is possible.
        damaged: bytes that the encoding does not know were replaced.
        nuls: NUL characters that were taken out.
        counts: of `path`.
    """

    path: Path
    encoding: str
    reason: str
    doubtful: bool
    damaged: bool
    nuls: int
    counts: Counts

    @property
    def ends_with_a_line(self) -> bool:
        """Whether the last line was ended: what stops halfway was not."""
        with self.path.open("rb") as file:
            file.seek(-1, 2)
            return file.read(1) in {b"\n", b"\r"}

    @property
    def line_end(self) -> str:
        """What ends a line; a carriage return only in files without any line feed."""
        return "\n" if self.counts.line_feeds or not self.counts.carriage_returns else "\r"

    def chunks(self, size: int = CHUNK) -> Iterator[list[str]]:
        """The lines, without their ends, some at a time."""
        end = self.line_end
        strip = end == "\n" and self.counts.pairs > 0
        decode = codecs.getincrementaldecoder("utf-8")().decode
        kept = ""
        with self.path.open("rb") as file:
            while chunk := file.read(size):
                lines = (kept + decode(chunk)).split(end)
                kept = lines.pop()
                if strip:
                    lines = [line[:-1] if line[-1:] == "\r" else line for line in lines]
                if lines:
                    yield lines
        kept = kept.removesuffix("\r") if strip else kept
        if kept:
            yield [kept]


def kind_of(path: Path) -> str:
    """What a file is (text, xlsx or parquet), judged by the content and not by the name.

    Raises:
        Refused: for a file that is compressed, or no table at all.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(PARQUET):
        return "parquet"
    if head.startswith(ZIP_ODD) or (
        # The letters alone may be a column's name; under the name of a workbook they are none.
        head.startswith(b"PK") and not head.startswith(ZIP) and promises_a_workbook(path)
    ):
        raise Refused(_DAMAGED)
    if head.startswith(ZIP):
        if not zipfile.is_zipfile(path):
            raise Refused(_DAMAGED)
        if _OPEN_DOCUMENT in head:
            raise Refused(_OTHER_SHEET, kind="OpenDocument")
        # A workbook is a zip; its first members say so.
        if any(part in head for part in (b"[Content_Types].xml", b"_rels/.rels", b"xl/")):
            _refuse_other_office(path)
            return "xlsx"
        raise Refused(_COMPRESSED, kind="zip")
    if head.startswith(WORKBOOK_OLD):
        raise Refused(
            N_("This is a workbook of before 2007 (xls). Save it as xlsx or CSV and load that.")
        )
    for start, kind in _LOOKS:
        if head.startswith(start):
            raise Refused(_COMPRESSED, kind=kind)
    _refuse_no_table(head, path)
    _refuse_markup(head)
    return "text"


def _refuse_no_table(head: bytes, path: Path) -> None:
    """Tell what is no text, and no list of rows, what it is."""
    for start, kind in _OTHERS:
        if head.startswith(start):
            raise Refused(_NO_TABLE, kind=kind)
    if promises_a_workbook(path) and _is_owner_note(head):
        raise Refused(
            N_(
                "This is not the workbook, but the note that Excel keeps beside it while it is open "
                "(its name begins with “~$”). Choose the file without those signs."
            )
        )


def _refuse_other_office(path: Path) -> None:
    """Tell a letter or a presentation what it is: both are zip files made like a workbook."""
    with zipfile.ZipFile(path) as held:
        folders = {name.partition("/")[0] for name in held.namelist()}
    for folder, kind in (("word", "Word"), ("ppt", "PowerPoint")):
        if folder in folders and "xl" not in folders:
            raise Refused(_NO_TABLE, kind=kind)


def _is_owner_note(head: bytes) -> bool:
    """Whether this is who has a workbook open: a name in 54 bytes, filled up, and again in UTF-16."""
    if not 150 < len(head) < 180 or not 0 < head[0] < 55:
        return False
    return not head[1 + head[0] : 55].strip(b" \0")


def promises_a_workbook(path: Path) -> bool:
    """Whether the name of a file says that it is a workbook."""
    return path.suffix.lower() in _WORKBOOKS


def _refuse_markup(head: bytes) -> None:
    """Tell web pages, XML and JSON what they are: read as lines they would be one odd column."""
    begin = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if begin.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<style")):
        raise Refused(_OTHER_SHEET, kind="HTML")
    if begin.startswith(b"<?xml"):
        raise Refused(_OTHER_SHEET, kind="XML")
    if re.match(rb"[\[{]\s*[{\[\"]", begin) and re.match(
        rb"[\[{]\s*(?:\{\s*)?\"[^\"]*\"\s*:", begin
    ):
        raise Refused(_OTHER_SHEET, kind="JSON")


_DAMAGED = N_(
    "This file begins like a workbook or a zip file and is none: it is damaged, or was cut off on its"
    " way. Fetch it again."
)
_NO_TABLE = N_("This is a {kind} file and holds no table. Load CSV, TSV, xlsx or Parquet.")
_OTHER_SHEET = N_(
    "This is a file of the kind {kind}, whatever its name says. Open it in a spreadsheet and save it as"
    " xlsx or CSV, or ask the source for one of those."
)
#: Near the beginning of every OpenDocument file.
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument"
_COMPRESSED = N_("This file is compressed ({kind}). Unpack it and load what is in it.")


def hash_of(path: Path) -> str:
    """SHA-256 of the bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_text(
    path: Path,
    staging: Path,
    encoding: str | None,
    progress: Callable[[int], None] = lambda _done: None,
) -> Text:
    """The file as UTF-8 text.

    Args:
        path: the file.
        staging: folder for a copy, where one is needed.
        encoding: as pinned; None: found by looking at every byte.
        progress: told how many bytes were read.

    Raises:
        Refused: where the file is empty or cannot be read as that encoding at all.
    """
    counts = Counts()
    if path.stat().st_size == 0:
        raise Refused(EMPTY)
    guess = guess_encoding(path, counts, progress)
    if encoding is not None:
        guess = _pinned(codecs.lookup(encoding).name, guess)
    if not guess.copy and not counts.nuls and not _ends_with_mark(path):
        return Text(path, guess.encoding, guess.reason, guess.doubtful, False, 0, counts)
    return _copied(path, staging / f"{path.name}.utf8", guess)


EMPTY = N_("The file is empty.")
#: Systems with roots in DOS end a file with this character (Ctrl+Z): it is no line, and no text.
_END_MARK = "\x1a"


def _ends_with_mark(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == _END_MARK.encode()


def _pinned(wanted: str, found: Guess) -> Guess:
    """The encoding that the profile names, read without a copy where that makes no difference."""
    same = wanted == found.encoding or (found.ascii and "utf-16" not in wanted)
    copy = found.copy or not same
    return Guess(wanted, N_("the profile says so"), copy=copy, ascii=found.ascii)


def _copied(path: Path, to: Path, guess: Guess) -> Text:
    counts = Counts()
    nuls = 0
    held = ""
    damaged = False
    decoder = codecs.getincrementaldecoder(guess.encoding)("replace")
    with path.open("rb") as file, to.open("wb") as copy:
        final = begun = False
        while not final:
            chunk = file.read(CHUNK)
            final = not chunk
            text = decoder.decode(chunk, final)
            if not begun:
                # A mark that the encoding does not take away itself (utf-16-le, utf-8).
                text, begun = text.removeprefix("\ufeff"), bool(text)
            if "\0" in text:
                nuls += text.count("\0")
                text = text.replace("\0", "")
            text = held + text
            kept = text.rstrip(_END_MARK)
            # Only what ends the file is its mark, and that shows when nothing follows.
            held, text = text[len(kept) :], kept
            damaged = damaged or REPLACEMENT in text
            encoded = text.encode("utf-8", "replace")
            counts.add(encoded)
            copy.write(encoded)
    doubtful = guess.doubtful or damaged
    return Text(to, guess.encoding, guess.reason, doubtful, damaged, nuls, counts)
