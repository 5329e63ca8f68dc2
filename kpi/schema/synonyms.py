"""What real exports call our columns: `synonyms.csv`, read once and folded for comparing."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("synonyms.csv")


def fold(name: str) -> str:
    """A header as it is compared: small letters, without accents, punctuation and blanks.

    >>> fold("Datum/Tijd geopend ") == fold("datum_tijd_geöpend")
    True
    """
    split = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in split if character.isalnum())


@dataclass(frozen=True)
class Synonyms:
    """What one column of one table is called elsewhere, the most usual first.

    `names` are folded; `dutch` are the Dutch ones as they are written.
    """

    table: str
    column: str
    names: tuple[str, ...]
    dutch: tuple[str, ...] = ()


@cache
def synonyms() -> Mapping[tuple[str, str], Synonyms]:
    """Per table and column what it is called; its own name not among them."""
    found: dict[tuple[str, str], Synonyms] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            said = f"{row['synonyms_nl']}|{row['synonyms_en_and_tools']}".split("|")
            names = tuple(dict.fromkeys(fold(name) for name in said if fold(name)))
            place = (row["table"], row["column"])
            dutch = tuple(name for name in row["synonyms_nl"].split("|") if fold(name))
            found[place] = Synonyms(*place, names, dutch)
    return found


@cache
def every_header() -> frozenset[str]:
    """All headers that are known anywhere, folded, our own column names included."""
    named = {fold(column) for _table, column in synonyms()}
    return frozenset(named.union(*(one.names for one in synonyms().values())))
