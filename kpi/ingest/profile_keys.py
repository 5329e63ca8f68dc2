"""Reading a profile from TOML; whatever is wrong gets a sentence with its key and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

from kpi.i18n import _
from kpi.ingest.problems import ProfileProblem
from kpi.ingest.profile_lines import line_of
from kpi.ingest.profiles import DateOrder, DurationUnit, Feed, Profile, Read, Rule, Take
from kpi.ingest.times import EXCEL
from kpi.schema import FACTS, Column, Table, Type
from kpi.suggest import suggest
from kpi.text import N_

Path = tuple[str | int, ...]
_Choice = TypeVar("_Choice", bound=StrEnum)

TABLES: Mapping[str, Table] = {table.name: table for table in FACTS}
PROFILE_KEYS = ("name", "as_of", "files", "read", "feeds")
FEED_KEYS = ("table", "columns", "only")
RULE_KEYS = (
    "from", "value", "hash", "map", "take", "format", "missing", "unit", "pattern", "keyed",
    "present", "absent",
)  # fmt: skip
READ_KEYS = (
    "encoding", "delimiter", "quote", "escape", "decimal", "thousands", "date_order", "time_zone",
    "missing", "sheet", "skip_rows", "header", "skip_footer",
)  # fmt: skip
#: What a date or time may be written with: those that Python and the engine read alike.
FORMAT_CODES = "aAbBdfHIjmMpSyYzZ%"
#: Short forms that people know from other programs.
FORMAT_SHORT = {"%F": "%Y-%m-%d", "%T": "%H:%M:%S", "%R": "%H:%M", "%D": "%m/%d/%y",
                "%e": "%d", "%h": "%b"}  # fmt: skip


def parse_profile(text: str, name: str = "", *, complete: bool = True) -> Profile:
    """The profile that a TOML text holds.

    Args:
        text: the TOML.
        name: what to call it when it does not name itself.
        complete: it must fill every required column; else it is one in the making.

    Raises:
        ProfileProblem: with the key and the line, and what is possible there.
    """
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ProfileProblem(
            N_("The profile is not valid TOML: {problem}."), problem=str(problem).rstrip(".")
        ) from None
    return _Reader(text, complete=complete).profile(read, name)


class _Reader:
    """Takes the parsed TOML apart; knows the text, to say on which line a problem stands."""

    def __init__(self, text: str, *, complete: bool = True) -> None:
        self.text, self.complete = text, complete

    def stop(self, path: Path, message: str, **values: Any) -> NoReturn:
        # Feeds are counted as people count them, from 1.
        key = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")
        line = line_of(self.text, path)
        if line is None:
            raise ProfileProblem(N_("In the profile, {key}: {problem}"), key=key,
                                 problem=_Inner(message, values))  # fmt: skip
        raise ProfileProblem(N_("In the profile, line {line}, {key}: {problem}"), line=line,
                             key=key, problem=_Inner(message, values))  # fmt: skip

    def profile(self, read: Mapping[str, Any], name: str) -> Profile:
        self.known(read, PROFILE_KEYS, ())
        feeds = read.get("feeds", [] if not self.complete else None)
        if not isinstance(feeds, list) or (self.complete and not feeds):
            self.stop(("feeds",), N_("a profile needs at least one [[feeds]] with its columns."))
        return Profile(
            name=self.text_of(read.get("name", name), ("name",)),
            as_of=self.moment(read.get("as_of"), ("as_of",)),
            files=self.texts(read.get("files", []), ("files",)),
            read=self.reading(self.table_of(read.get("read", {}), ("read",))),
            feeds=tuple(self.feed(feed, ("feeds", at)) for at, feed in enumerate(feeds)),
        )

    def reading(self, read: Mapping[str, Any]) -> Read:
        self.known(read, READ_KEYS, ("read",))
        options: dict[str, Any] = {}
        for key in ("encoding", "delimiter", "quote", "escape", "decimal", "thousands", "sheet"):
            if key in read:
                options[key] = self.text_of(read[key], ("read", key))
        self.characters(options)
        if "encoding" in options:
            self.encoding(options["encoding"])
        if "date_order" in read:
            path = ("read", "date_order")
            options["date_order"] = self.one_of(read["date_order"], DateOrder, path)
        if "time_zone" in read:
            options["time_zone"] = self.zone(read["time_zone"])
        if "header" in read:
            options["header"] = self.truth(read["header"], ("read", "header"))
        for key in ("skip_rows", "skip_footer"):
            if key in read:
                options[key] = self.whole(read[key], ("read", key))
        return Read(missing=self.texts(read.get("missing", []), ("read", "missing")), **options)

    def characters(self, options: Mapping[str, str]) -> None:
        for key in ("delimiter", "escape", "decimal", "thousands"):
            if key in options and len(options[key]) != 1:
                self.stop(("read", key), N_("must be one character."))
        if len(options.get("quote", "")) > 1:
            self.stop(("read", "quote"), N_("must be one character, or empty for none."))
        if "decimal" in options and options["decimal"] == options.get("thousands"):
            self.stop(("read", "thousands"), N_("is the same character as decimal."))

    def encoding(self, wanted: str) -> None:
        try:
            "".encode(wanted)
        except (LookupError, UnicodeError, ValueError):
            self.stop(
                ("read", "encoding"),
                N_("no encoding is called {value}; known are utf-8, cp1252, utf-16 and others."),
                value=wanted,
            )

    def zone(self, value: Any) -> str:
        path = ("read", "time_zone")
        name = self.text_of(value, path)
        try:
            ZoneInfo(name)
        except (KeyError, OSError, ValueError):
            self.stop(path, N_("no time zone is called {value}; write it like Europe/Amsterdam."),
                      value=name)  # fmt: skip
        return name

    def feed(self, read: Any, path: Path) -> Feed:
        read = self.table_of(read, path)
        self.known(read, FEED_KEYS, path)
        if "table" not in read:
            self.stop(path, N_("says no table; there is {known}."), known=", ".join(TABLES))
        name = self.text_of(read["table"], (*path, "table"))
        if name not in TABLES:
            self.unknown(name, TABLES, (*path, "table"))
        table = TABLES[name]
        columns = self.table_of(read.get("columns", {}), (*path, "columns"))
        rules: dict[str, Rule] = {}
        for key, said in columns.items():
            here = (*path, "columns", key)
            if key not in table.by_name:
                self.stranger(key, table, here)
            rules[key] = self.rule(said, here, table.by_name[key])
        for column in table.columns:
            if self.complete and column.required and column.name not in rules:
                self.stop(
                    (*path, "columns"),
                    N_("{table} cannot do without {column}, and the profile does not fill it."),
                    table=name, column=column.name,
                )  # fmt: skip
        only = self.table_of(read.get("only", {}), (*path, "only"))
        kept = {key: self.texts(values, (*path, "only", key)) for key, values in only.items()}
        return Feed(table=name, columns=rules, only=kept)

    def rule(self, said: Any, path: Path, column: Column) -> Rule:
        if isinstance(said, str | list):
            said = {"from": said}
        elif not isinstance(said, dict):
            self.stop(
                path, N_("must be a source column in quotes, or a table like {{ from = … }}.")
            )
        self.known(said, RULE_KEYS, path)
        origins = [key for key in ("from", "value", "hash") if key in said]
        if len(origins) != 1:
            self.stop(path, N_("must have one of from, value and hash."))
        rule = Rule(
            sources=self.names(said, "from", path),
            value=self.constant(said["value"], (*path, "value")) if "value" in said else None,
            hash=self.names(said, "hash", path),
            map=self.mapping(said.get("map", {}), (*path, "map")),
            take=self.one_of(said["take"], Take, (*path, "take")) if "take" in said else None,
            format=self.format(said["format"], (*path, "format")) if "format" in said else None,
            missing=self.texts(said.get("missing", []), (*path, "missing")),
            unit=self.one_of(said["unit"], DurationUnit, (*path, "unit"))
            if "unit" in said
            else None,
            pattern=self.pattern(said["pattern"], (*path, "pattern"))
            if "pattern" in said
            else None,
            keyed=self.truth(said.get("keyed", False), (*path, "keyed")),
            present=self.constant(said["present"], (*path, "present"))
            if "present" in said
            else None,
            absent=self.constant(said["absent"], (*path, "absent")) if "absent" in said else None,
        )
        self.fits(rule, path, column)
        return rule

    def fits(self, rule: Rule, path: Path, column: Column) -> None:
        """Stops where a key says nothing for this column: it would be ignored in silence."""
        if rule.format and column.type not in {Type.DATE, Type.TIMESTAMP}:
            self.stop((*path, "format"), N_("is for dates and times; {column} is none."),
                      column=column.name)  # fmt: skip
        if rule.unit and not (column.type is Type.NUMBER and column.name.endswith("_s")):
            self.stop((*path, "unit"), N_("is for durations; {column} is none."),
                      column=column.name)  # fmt: skip
        if (rule.hash or rule.keyed) and column.type is not Type.TEXT:
            self.stop(path, N_("a hash is a text, and {column} holds none."), column=column.name)

    def stranger(self, name: str, table: Table, path: Path) -> NoReturn:
        owners = [other.name for other in FACTS if name in other.by_name]
        if owners:
            self.stop(path, N_("{table} has no such column; it is one of {owners}."),
                      table=table.name, owners=", ".join(owners))  # fmt: skip
        self.unknown(name, table.column_names, path)

    # -- values ------------------------------------------------------------------------------

    def names(self, said: Mapping[str, Any], key: str, path: Path) -> tuple[str, ...]:
        if key not in said:
            return ()
        given = said[key]
        found = self.texts([given] if isinstance(given, str) else given, (*path, key))
        if not found or not all(name.strip() for name in found):
            self.stop((*path, key), N_("must name at least one source column."))
        return found

    def mapping(self, value: Any, path: Path) -> dict[str, str]:
        return {
            key.strip(): self.constant(to, (*path, key))
            for key, to in self.table_of(value, path).items()
        }

    def constant(self, value: Any, path: Path) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return str(value)
        if isinstance(value, datetime | date):
            return value.isoformat()
        return self.text_of(value, path)

    def text_of(self, value: Any, path: Path) -> str:
        if not isinstance(value, str):
            self.stop(path, N_("must be a text in quotes."))
        return value

    def texts(self, value: Any, path: Path) -> tuple[str, ...]:
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            self.stop(path, N_('must be a list of texts, like ["a", "b"].'))
        return tuple(self.constant(one, path) for one in value)

    def table_of(self, value: Any, path: Path) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.stop(path, N_("must be a table of keys and values."))
        return value

    def truth(self, value: Any, path: Path) -> bool:
        if not isinstance(value, bool):
            self.stop(path, N_("must be true or false."))
        return value

    def whole(self, value: Any, path: Path) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.stop(path, N_("must be a whole number of 0 or more."))
        return value

    def one_of(self, value: Any, of: type[_Choice], path: Path) -> _Choice:
        if value not in {one.value for one in of}:
            self.stop(path, N_("is {value}; it must be one of {known}."), value=value,
                      known=", ".join(of))  # fmt: skip
        return of(value)

    def format(self, value: Any, path: Path) -> str:
        text = self.text_of(value, path)
        if text == EXCEL:
            return text
        for short, long in FORMAT_SHORT.items():
            text = text.replace(short, long)
        text = text.replace("%-", "%")
        for code in re.findall(r"%(.?)", text):
            if code not in FORMAT_CODES or not code:
                self.stop(path, N_("%{code} is unknown; write it like %d-%m-%Y %H:%M."), code=code)
        if not re.search("%[yY]", text):
            self.stop(path, N_("holds no year; write it like %d-%m-%Y %H:%M."))
        return text

    def pattern(self, value: Any, path: Path) -> str:
        text = self.text_of(value, path)
        try:
            re.compile(text)
        except re.error as problem:
            self.stop(path, N_("is not a regular expression: {problem}."), problem=str(problem))
        return text

    def moment(self, value: Any, path: Path) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            value = value.isoformat()
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value.strip())
            except ValueError:
                value = None
        if not isinstance(value, datetime):
            self.stop(path, N_("must be a date and time like 2026-03-31T23:59."))
        return value

    def known(self, read: Mapping[str, Any], keys: Sequence[str], path: Path) -> None:
        for key in read:
            if key not in keys:
                self.unknown(key, keys, (*path, key))

    def unknown(self, name: str, among: Iterable[str], path: Path) -> NoReturn:
        names = list(among)
        close = suggest(name, names)
        if close:
            self.stop(path, N_("{name} is unknown here. Did you mean {other}?"), name=name,
                      other=close)  # fmt: skip
        self.stop(path, N_("{name} is unknown here; there is {known}."), name=name,
                  known=", ".join(names))  # fmt: skip


class _Inner:
    """A sentence inside a sentence, translated when the outer one is."""

    def __init__(self, message: str, values: Mapping[str, Any]) -> None:
        self.message, self.values = message, dict(values)

    def __str__(self) -> str:
        return _(self.message).format(**self.values)

    def __format__(self, spec: str) -> str:
        return str(self)
