"""Which encoding a file is in: proof where there is any, else the likeliest one, and the doubt said.

UTF-8 proves itself: text in another encoding that is valid UTF-8 by accident does not occur. Of the
single-byte encodings nothing can be proven. Dutch systems write Windows-1252; others are weighed
only where the text would look foreign in it.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kpi.text import N_

if TYPE_CHECKING:
    from kpi.ingest.survey import Counts

_CHUNK = 4 << 20
#: Bytes of text that are not ASCII, kept to weigh encodings by.
_SAMPLE = 1 << 18
#: Byte-order marks; these encodings, as Python knows them, take theirs away themselves.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What people in these parts write with more than ASCII.
_FAMILIAR = set("éëèêïíîìöóôòüúûùäáâàåçñÉËÈÖÜÄÁÇÑæøßœŒ€£°²³½¼±µ§©®™«»‘’‚“”„–—…•·´¨¿¡ªº×\u00a0")
#: Single-byte encodings that such systems are known to write, the likeliest first.
_WESTERN = ("cp1252", "iso8859-15", "cp850", "mac_roman")


@dataclass(frozen=True)
class Guess:
    """An encoding, why, and what reading it takes.

    Attributes:
        encoding: as Python names it.
        reason: message id.
        doubtful: another is possible.
        copy: the file is not plain UTF-8 and must be copied to be read.
        ascii: it is ASCII, so nearly every encoding reads it alike.
    """

    encoding: str
    reason: str
    doubtful: bool = False
    copy: bool = False
    ascii: bool = False


def guess_encoding(
    path: Path, counts: Counts, progress: Callable[[int], None] = lambda _done: None
) -> Guess:
    """Look at every byte; `counts` is filled on the way."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    valid = ascii_only = True
    sample = bytearray()
    head = b""
    even = odd = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            head = head or chunk[:4]
            counts.add(chunk)
            progress(counts.size)
            if b"\0" in chunk:
                even += chunk[0::2].count(b"\0")
                odd += chunk[1::2].count(b"\0")
            if chunk.isascii() and not decoder.getstate()[0]:
                continue
            ascii_only = False
            if len(sample) < _SAMPLE:
                sample += _telling(chunk)
            valid = valid and _decodes(decoder, chunk)
    valid = valid and _decodes(decoder, b"", final=True)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return Guess(encoding, N_("it begins with that byte-order mark"), copy=True)
    if counts.nuls > counts.size // 5:
        encoding = "utf-16-be" if even > odd else "utf-16-le"
        return Guess(encoding, N_("every other byte is empty"), doubtful=True, copy=True)
    if ascii_only:
        return Guess("utf-8", N_("it holds nothing but ASCII"), ascii=True)
    if valid:
        return Guess("utf-8", N_("every byte of it is valid UTF-8"))
    return _not_utf8(bytes(sample))


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _telling(chunk: bytes) -> bytes:
    """The lines of a chunk that hold more than ASCII."""
    lines = [line for line in chunk.split(b"\n") if not line.isascii()]
    return b"\n".join(lines)[:_SAMPLE] + b"\n"


def _not_utf8(sample: bytes) -> Guess:
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(not character.isascii() for character in text) - broken
    if whole >= 10 * max(broken, 1):
        return Guess("utf-8", N_("nearly every byte of it is valid UTF-8"), doubtful=True,
                     copy=True)  # fmt: skip
    scores = {encoding: _familiar(sample, encoding) for encoding in _WESTERN}
    best = max(_WESTERN, key=lambda encoding: scores[encoding])
    if scores["cp1252"] >= 0.8 and scores["cp1252"] >= scores[best] - 0.1:
        return Guess("cp1252", N_("it is not UTF-8, and reads well as Windows-1252"), copy=True)
    if scores[best] >= 0.8:
        return Guess(best, N_("it is not UTF-8, and reads best so"), doubtful=True, copy=True)
    advised = _advice(sample)
    return Guess(advised or "cp1252", N_("it is not UTF-8, and resembles this most"),
                 doubtful=True, copy=True)  # fmt: skip


def _familiar(sample: bytes, encoding: str) -> float:
    """Share of what is not ASCII that is familiar here, words in foreign letters not counted."""
    text = sample.decode(encoding, "replace")
    foreign = [character for character in text if not character.isascii()]
    if not foreign:
        return 1.0
    good = sum(character in _FAMILIAR for character in foreign)
    # A word with three such letters in a row is no Western word in the wrong encoding's letters.
    letters = sum(character.isalpha() for character in text if character.isascii())
    if len(foreign) > letters / 2 and len(foreign) > 8:
        good //= 2
    return good / len(foreign)


def _advice(sample: bytes) -> str | None:
    # Imported here: most files prove themselves, and it takes a while to load.
    from charset_normalizer import from_bytes

    best = from_bytes(sample[: 1 << 16]).best()
    return codecs.lookup(best.encoding).name if best else None


# -- where UTF-8 is broken -------------------------------------------------------------------

NOT_UTF8 = N_(
    "The file is UTF-8, but not everywhere. Lines with other bytes: {n}, namely {lines}. Have it written anew as UTF-8,"
    ' or say in the profile: [read] encoding = "utf-8"; then only the rows on those lines are set aside.'
)
#: Lines named, and bytes shown on either side of the first that is odd.
_NAMED, _BESIDE = 3, 12


def not_utf8(path: Path) -> dict[str, int | str]:
    r"""How many lines of a file are no UTF-8 (`n`), and the first with their numbers (`lines`).

    What is no plain letter there is shown as its number: Caf\xe9.
    """
    n = 0
    named: list[str] = []
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as problem:
                n += 1
                if len(named) < _NAMED:
                    named.append(f"{number} ({_around(line, problem.start)})")
    return {"n": n, "lines": ", ".join(named) + (", …" if n > len(named) else "")}


def _around(line: bytes, at: int) -> str:
    shown = line[max(0, at - _BESIDE) : at + _BESIDE].strip()
    return "".join(chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}" for byte in shown)
