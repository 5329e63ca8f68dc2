"""A profile as TOML, to edit and keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any

import tomlkit
from tomlkit.items import InlineTable, Table

from kpi.ingest.profiles import Feed, Profile, Read, Rule

_KEYS = {"sources": "from"}


def write_profile(profile: Profile) -> str:
    """The TOML of a profile; `parse_profile` reads the same profile back."""
    document = tomlkit.document()
    if profile.name:
        document["name"] = profile.name
    if profile.as_of:
        document["as_of"] = profile.as_of.isoformat()
    if profile.files:
        document["files"] = list(profile.files)
    read = _read(profile.read)
    if read:
        document["read"] = read
    feeds = tomlkit.aot()
    for feed in profile.feeds:
        feeds.append(_feed(feed))
    document["feeds"] = feeds
    return tomlkit.dumps(document)


def _read(read: Read) -> Table:
    table = tomlkit.table()
    for one in fields(Read):
        value = getattr(read, one.name)
        if value == one.default:
            continue
        table[one.name] = _plain(value)
    return table


def _feed(feed: Feed) -> Table:
    table = tomlkit.table()
    table["table"] = feed.table
    columns = tomlkit.table()
    for name, rule in feed.columns.items():
        columns[name] = _rule(rule)
    table["columns"] = columns
    if feed.only:
        only = tomlkit.table()
        for name, values in feed.only.items():
            only[name] = list(values)
        table["only"] = only
    return table


def _rule(rule: Rule) -> str | InlineTable:
    said: dict[str, Any] = {}
    for one in fields(Rule):
        value = getattr(rule, one.name)
        if value is None or value in ((), {}) or value is False:
            continue
        said[_KEYS.get(one.name, one.name)] = _plain(value)
    if len(rule.sources) == 1:
        said["from"] = rule.sources[0]
        if len(said) == 1:
            return rule.sources[0]
    table = tomlkit.inline_table()
    table.update(said)
    return table


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        table.update(dict(value))
        return table
    return value
