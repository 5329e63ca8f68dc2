"""The language of the command line, found without the cost of reading all settings.

`ketenzicht --help` must answer at once, so its words are looked up here: only the command line's
own catalogue, read as it is. Everything else goes through `kpi.i18n`.
"""

from __future__ import annotations

import ast
import os
import re
import tomllib
from functools import cache
from pathlib import Path

from kpi.i18n import LANGUAGES, LOCALE_FOLDER, SOURCE_LANGUAGE

_ENTRY = re.compile(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n)+)', re.MULTILINE)
_BY_DEFAULT = "nl"


def spoken() -> str:
    """The language that the settings would give; one that does not exist is told later."""
    wanted = os.environ.get("KETENZICHT_LANGUAGE") or _in_file() or _BY_DEFAULT
    return wanted if wanted in LANGUAGES else _BY_DEFAULT


def _in_file() -> str | None:
    named = os.environ.get("KETENZICHT_SETTINGS")
    if not named:
        url = os.environ.get("KETENZICHT_DATABASE_URL", "")
        if not url.startswith("duckdb:///"):
            return None
        named = str(Path(url.removeprefix("duckdb:///")).parent / "ketenzicht.toml")
    try:
        language = tomllib.loads(Path(named).read_text(encoding="utf-8")).get("language")
    except (OSError, ValueError):
        return None
    return language if isinstance(language, str) else None


def say(message: str) -> str:
    """`message` (English) in the language of the command line's help."""
    language = spoken()
    return message if language == SOURCE_LANGUAGE else _catalogue(language).get(message, message)


@cache
def _catalogue(language: str) -> dict[str, str]:
    try:
        text = (LOCALE_FOLDER / language / "cli.po").read_text(encoding="utf-8")
    except OSError:
        return {}
    return {_joined(found[1]): _joined(found[2]) for found in _ENTRY.finditer(text)}


def _joined(lines: str) -> str:
    return "".join(ast.literal_eval(line) for line in lines.strip().split("\n"))
