"""Which codes of a file the configuration does not know yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpi.ingest import notes
from kpi.ingest.problems import Said
from kpi.store import Configuration
from kpi.store.configuration import DICTIONARIES
from kpi.store.prepare.texts import SENTIMENT_OF
from kpi.store.prepare.words import CONFIGURED, meanings

#: Words named in one sentence.
_NAMED = 5


def unknown_words(
    configuration: Configuration, codes: Mapping[str, Mapping[str, int]]
) -> list[Said]:
    """What to say of texts that mean nothing yet: status words first, then each dictionary.

    Args:
        configuration: of the store.
        codes: per dictionary the texts of the file with their counts.
    """
    said: list[Said] = []
    for dictionary in ("status", *CONFIGURED):
        texts = codes.get(dictionary, {})
        if not texts:
            continue
        known = known_words(configuration, dictionary)
        unknown = {
            text: count for text, count in texts.items() if text.strip().lower() not in known
        }
        if not unknown:
            continue
        values = _named(unknown)
        rows = sum(unknown.values())
        if dictionary == "status":
            said.append((notes.UNKNOWN_STATUS, {"values": values, "n": rows}))
        else:
            said.append((notes.NOT_CONFIGURED, {"column": dictionary, "values": values, "n": rows}))
    return said


def known_words(configuration: Configuration, dictionary: str) -> frozenset[str]:
    """Every word (in small letters) that a dictionary understands or ignores on purpose."""
    by_code: dict[str, list[Mapping[str, Any]]] = {}
    for row in configuration.versions("codes"):
        if row["dictionary"] == dictionary:
            by_code.setdefault(row["as_came"], []).append(row)
    by_id: dict[str, list[Mapping[str, Any]]] = {}
    if dictionary in DICTIONARIES:
        for row in configuration.versions(DICTIONARIES[dictionary]):
            by_id.setdefault(row[dictionary], []).append(row)
    found = meanings(dictionary, list(by_id.values()), list(by_code.values()))
    ignored = {
        word.strip().lower()
        for word, versions in by_code.items()
        if any(version["ignored"] for version in versions)
    }
    plain = set(SENTIMENT_OF) if dictionary == "emotion" else set()
    # What was known once is judged by the day of each row: it is no news.
    return frozenset({meaning.word for meaning in found} | ignored | plain)


def closed_words(configuration: Configuration) -> frozenset[str]:
    """Status words (in small letters) that mean closed, as configured or by themselves."""
    codes: dict[str, list[Mapping[str, Any]]] = {}
    for row in configuration.versions("codes"):
        if row["dictionary"] == "status":
            codes.setdefault(row["as_came"], []).append(row)
    found = meanings("status", [], list(codes.values()))
    return frozenset(meaning.word for meaning in found if meaning.understood == "closed")


def _named(unknown: Mapping[str, int]) -> str:
    most = sorted(unknown, key=lambda text: (-unknown[text], text))
    listed = ", ".join(f"{text[:40]} ({unknown[text]})" for text in most[:_NAMED])
    return listed + (f", … ({len(most)})" if len(most) > _NAMED else "")
