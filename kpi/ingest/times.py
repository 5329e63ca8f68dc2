"""How dates and times are written, read from the shapes of the values.

A shape is a value with every digit replaced by 9: a column of a million times has a handful of
them. Each shape is taken apart here (date, time, offset) and becomes a format for the engine. What
a shape cannot tell, the order of day and month, is left open: `kpi.ingest.order` looks for proof.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from kpi.ingest.profiles import DateOrder

#: Months as Dutch and English write them, and as the engine reads them.
MONTHS = {
    "januari": "jan", "january": "jan", "jan": "jan", "februari": "feb", "february": "feb",
    "feb": "feb", "maart": "mar", "march": "mar", "mrt": "mar", "maa": "mar", "mar": "mar",
    "april": "apr", "apr": "apr", "mei": "may", "may": "may", "juni": "jun", "june": "jun",
    "jun": "jun", "juli": "jul", "july": "jul", "jul": "jul", "augustus": "aug", "august": "aug",
    "aug": "aug", "september": "sep", "sept": "sep", "sep": "sep", "oktober": "oct",
    "october": "oct", "okt": "oct", "oct": "oct", "november": "nov", "nov": "nov",
    "december": "dec", "dec": "dec",
}  # fmt: skip
_DAYS = (
    "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag", "monday",
    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tues", "tue",
    "wed", "thurs", "thur", "thu", "fri", "sat", "sun", "ma", "di", "wo", "do", "vr", "za", "zo",
)  # fmt: skip
#: Days as a spreadsheet numbers them, from 1954 to 2091, with the time of day behind the comma.
SERIAL = r"[2-6][0-9]{4}([.,][0-9]+)?"
#: What a profile calls that format.
EXCEL = "excel"
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_NAMED = re.compile(rf"(?<![a-z])({_MONTH})\.?(?![a-z])", re.IGNORECASE)
_WEEKDAY = re.compile(rf"^({'|'.join(_DAYS)})[.,]?\s+(?=\S)", re.IGNORECASE)
_HALF = re.compile(r"([ap])\.?m\.?(?![a-z])", re.IGNORECASE)

_DATE = r"""(?:
    (?P<y4>9999)(?P<s1>[-/.\s])(?P<m1>9{1,2})(?P=s1)(?P<d1>9{1,2})
  | (?P<compact>9{8})
  | (?P<a>9{1,2})(?P<s2>[-/.\s])(?P<b>9{1,2})(?P=s2)(?P<y>9999)
  | (?P<a2>9{1,2})(?P<s3>[-/.\s])(?P<b2>9{1,2})(?P=s3)(?P<c2>99)
  | (?P<d3>9{1,2})(?P<s4>[-/.\s]*)M(?P<s5>[-/.,\s]*)(?P<y3>9999)
  | (?P<d4>9{1,2})(?P<s6>[-/.\s]*)M(?P<s7>[-/.,\s]*)(?P<y4b>99)
  | M(?P<s8>[-/.\s]*)(?P<d5>9{1,2})(?P<s9>,?\s*|[-/.])(?P<y5>9999)
  | (?P<y6>9999)(?P<s10>[-/.\s]*)M(?P<s11>[-/.\s]*)(?P<d6>9{1,2})
)"""
_TIME = r"""(?:
    (?P<between>[Tt]|,?\s+(?:om\s+|at\s+)?|-|:)
    (?:
        (?P<h>9{1,2})(?P<t1>[:.hu])(?P<mi>99?)(?:(?P<t2>[:.m])(?P<se>99?)(?P<frac>[.,]9{1,9})?)?
      | (?P<hc>99)(?P<mic>99)(?P<sec>99)?
    )
    (?P<half>\s?P)?
    (?P<word>\s?(?:uur|u|h))?
)?"""
_OFFSET = r"(?P<gap>\s?)(?P<off>[Zz]|UTC|GMT|[-+]99(?::?99)?)?"
_SHAPE = re.compile(rf"{_DATE}{_TIME}{_OFFSET}", re.VERBOSE)


class Needs(StrEnum):
    """What a shape leaves open."""

    NOTHING = "nothing"
    #: Day and month before a year of four digits: dmy or mdy.
    ORDER = "order"
    #: Three numbers of two digits: dmy, mdy or ymd.
    ORDER_SHORT = "order_short"
    #: A month's name between two numbers of two digits: dmy or ymd.
    ORDER_NAMED = "order_named"
    #: Eight digits: ymd, dmy or mdy.
    ORDER_COMPACT = "order_compact"


@dataclass(frozen=True)
class Family:
    """How one shape is written.

    Attributes:
        date: the date's format, with {d}, {m} and {y} where the order is open: {1}{2}{3} stand
            for the first, second and third number.
        rest: the format of what follows it.
        needs: what the date leaves open.
        absolute: it carries an offset from UTC.
        timed: it has a time of day.
        short_year: its year has two digits.
        names: month names to be replaced before the engine reads it.
        weekday: it begins with a weekday, to be taken away.
        half: it says am or pm, in a way to be made plain.
        utc_word: its offset is a word: Z, UTC or GMT.
    """

    date: str
    rest: str
    needs: Needs = Needs.NOTHING
    absolute: bool = False
    timed: bool = False
    short_year: bool = False
    names: frozenset[str] = frozenset()
    weekday: bool = False
    half: bool = False
    utc_word: bool = False

    def format(self, order: DateOrder | None) -> str | None:
        """The engine's format in an order; None where they do not go together."""
        date = self.date
        if self.needs is not Needs.NOTHING:
            if order is None or (self.needs is Needs.ORDER and order is DateOrder.YMD):
                return None
            codes = {"d": "%d", "m": "%m", "y": "%y" if self.short_year else "%Y"}
            letters = order.value
            if self.needs is Needs.ORDER_NAMED:
                # The month is named: what is left is day and year, or year and day.
                letters = "yd" if order is DateOrder.YMD else "dy"
            for place, letter in enumerate(letters, 1):
                date = date.replace(f"{{{place}}}", codes[letter])
        return date + self.rest


@dataclass(frozen=True)
class TimeReading:
    """How the values of one column become times.

    Attributes:
        local: formats without an offset.
        absolute: formats with one.
        names: month names to be replaced.
        weekday, half, utc_word: see `Family`.
        short_year: years of two digits are read.
        serial: the values are day numbers of a spreadsheet.
    """

    local: tuple[str, ...] = ()
    absolute: tuple[str, ...] = ()
    names: frozenset[str] = field(default_factory=frozenset)
    weekday: bool = False
    half: bool = False
    utc_word: bool = False
    short_year: bool = False
    serial: bool = False

    def covers(self, other: TimeReading) -> bool:
        """Whether this reads all that the other does."""
        return (
            set(other.local) <= set(self.local)
            and set(other.absolute) <= set(self.absolute)
            and other.names <= self.names
            and all(
                getattr(self, mark) or not getattr(other, mark)
                for mark in ("weekday", "half", "utc_word", "short_year", "serial")
            )
        )

    @property
    def lowered(self) -> bool:
        """Whether the engine is given small letters."""
        return bool(self.names or self.weekday or self.half or self.utc_word)

    def prepared(self, text: str) -> str:
        """SQL that makes `text` readable for the engine: English names, am and pm, no weekday."""
        if not self.lowered:
            return text
        sql = f"lower({text})"
        if self.weekday:
            sql = f"regexp_replace({sql}, '^[a-z]+[.,]?\\s+', '')"
        if self.half:
            sql = f"regexp_replace({sql}, '([ap])\\.?m\\b\\.?', '\\1m')"
        for name in sorted(self.names, key=len, reverse=True):
            if MONTHS[name] != name:
                sql = f"regexp_replace({sql}, '\\b{name}\\b', '{MONTHS[name]}')"
        if self.names:
            # Abbreviations with a full stop.
            sql = f"regexp_replace({sql}, '([a-z]{{3}})\\.', '\\1')"
        if self.utc_word:
            sql = f"regexp_replace({sql}, '\\s?(z|utc|gmt)$', '+00')"
        return sql


def read_shape(shape: str) -> Family | None:
    """What a shape is; None for what is no date.

    >>> read_shape("99-99-9999 99:99").needs
    <Needs.ORDER: 'order'>
    """
    text = " ".join(shape.split())
    weekday = bool(_WEEKDAY.match(text))
    text = _WEEKDAY.sub("", text)
    names = frozenset(name.lower() for name in _NAMED.findall(text))
    text = _NAMED.sub("M", text)
    # Written 12 a.m. or 12 am; the engine wants the latter.
    half = bool(_HALF.search(text))
    text = _HALF.sub("P", text)
    match = _SHAPE.fullmatch(text)
    if not match or len(names) > 1:
        return None
    date, needs, short = _date(match)
    lowered = bool(names or weekday or half)
    rest, timed = _rest(match)
    offset = match["off"]
    word = bool(offset) and offset[0] not in "+-"
    if offset:
        if not timed:
            return None
        rest += ("" if word else match["gap"]) + "%z"
    elif match["gap"]:
        return None
    if lowered or word:
        # The engine is given small letters.
        date, rest = small(date), small(rest)
    return Family(date, rest, needs, bool(offset), timed, short, names, weekday, half, word)


def small(text: str) -> str:
    """Small letters, but for those that follow a percent sign."""
    return re.sub(r"(?<!%)[A-Z]", lambda found: found[0].lower(), text)


def _date(match: re.Match[str]) -> tuple[str, Needs, bool]:
    g = match.groupdict()
    if g["y4"]:
        return f"%Y{g['s1']}%m{g['s1']}%d", Needs.NOTHING, False
    if g["compact"]:
        return "{1}{2}{3}", Needs.ORDER_COMPACT, False
    if g["y"]:
        return f"{{1}}{g['s2']}{{2}}{g['s2']}{{3}}", Needs.ORDER, False
    if g["c2"]:
        return f"{{1}}{g['s3']}{{2}}{g['s3']}{{3}}", Needs.ORDER_SHORT, True
    if g["y3"]:
        return f"%d{g['s4']}%b{g['s5']}%Y", Needs.NOTHING, False
    if g["y4b"]:
        return f"{{1}}{g['s6']}%b{g['s7']}{{2}}", Needs.ORDER_NAMED, True
    if g["y5"]:
        return f"%b{g['s8']}%d{g['s9']}%Y", Needs.NOTHING, False
    return f"%Y{g['s10']}%b{g['s11']}%d", Needs.NOTHING, False


def _rest(match: re.Match[str]) -> tuple[str, bool]:
    g = match.groupdict()
    if g["between"] is None:
        return "", False
    hour = "%I" if g["half"] else "%H"
    text = g["between"]
    if g["hc"]:
        text += f"{hour}%M" + ("%S" if g["sec"] else "")
    else:
        text += f"{hour}{g['t1']}%M"
        if g["se"]:
            text += f"{g['t2']}%S"
        if g["frac"]:
            text += g["frac"][0] + "%n"
    if g["half"]:
        text += g["half"].replace("P", "%p")
    if g["word"]:
        text += g["word"]
    return text, True


def serial_day(text: str) -> date:
    """The day that a spreadsheet's number stands for.

    >>> serial_day("45123,5")
    datetime.date(2023, 7, 16)
    """
    return date(1899, 12, 30) + timedelta(days=int(text.replace(",", ".").partition(".")[0]))


def shape_sql(text: str) -> str:
    """SQL of the shape of `text`."""
    return f"translate({text}, '0123456789', '9999999999')"


def pinned_reading(written: str) -> TimeReading:
    """The reading of a format that the profile names; Dutch months are understood too."""
    if written == EXCEL:
        return TimeReading(serial=True)
    names = frozenset(MONTHS) if re.search("%[bB]", written) else frozenset()
    format_ = re.sub("%B", "%b", written)
    # A fraction of any length, which %f is not.
    format_ = format_.replace("%f", "%n")
    half = "%p" in written
    found = TimeReading(names=names, half=half, short_year="%y" in written)
    format_ = small(format_) if found.lowered else format_
    if re.search("%[zZ]", written):
        return TimeReading((), (format_,), names, half=half, short_year=found.short_year)
    return TimeReading((format_,), (), names, half=half, short_year=found.short_year)
