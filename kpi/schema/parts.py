"""What the declarations of configuration tables share: texts, titles, and the day a row counts from."""

from __future__ import annotations

from typing import Any

from kpi.schema.model import Column, Table, Type
from kpi.text import N_

VALID_FROM = Column(
    "valid_from", Type.DATE, N_("First day on which this row counts"), "2026-01-01", required=True
)
RETIRED = Column(
    "retired", Type.BOOLEAN, N_("No longer in use from that day on"), "no", default="false"
)


def text(name: str, meaning: str, example: str, **more: Any) -> Column:
    """A column of text."""
    return Column(name, Type.TEXT, meaning, example, **more)


def identity(name: str, meaning: str, example: str) -> Column:
    """A column that names what a row is about."""
    return text(name, meaning, example, required=True)


def titles() -> tuple[Column, ...]:
    """A name on screen in each language."""
    return (
        text("title_nl", N_("Name on screen, Dutch"), "Storingen"),
        text("title_en", N_("Name on screen, English"), "Faults and outages"),
    )


def versioned(
    name: str, meaning: str, about: tuple[Column, ...], columns: tuple[Column, ...]
) -> Table:
    """A table of which each row is valid from a date: `about` names what it is about."""
    key = (*(column.name for column in about), "valid_from")
    return Table(name, meaning, key, (*about, VALID_FROM, *columns, RETIRED))
