"""Data quality in figures: shares of what is filled in, and what a gap weakens; pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

#: Fewer rows than this say little of a process or a department.
INDICATIVE = 30
#: From this share on a field is as good as filled in: no gap worth a word.
ENOUGH = 0.95


@dataclass(frozen=True)
class Part:
    """So many of so many rows."""

    filled: int = 0
    n: int = 0

    @property
    def share(self) -> float | None:
        """The share (0-1); None of nothing."""
        return self.filled / self.n if self.n else None

    def __add__(self, other: Part) -> Part:
        return Part(self.filled + other.filled, self.n + other.n)


@dataclass(frozen=True)
class Coverage:
    """How far one field of one table is filled in.

    Attributes:
        table, field: of which.
        whole: over the period.
        months: per month ("2026-03").
        processes: per process (None: unknown).
        kpis: names of the KPIs that are made of it.
        split: how many KPIs of that table are told apart by it.
    """

    table: str
    field: str
    whole: Part
    months: Mapping[str, Part] = dataclasses.field(default_factory=dict)
    processes: Mapping[str | None, Part] = dataclasses.field(default_factory=dict)
    kpis: tuple[str, ...] = ()
    split: int = 0

    @property
    def worst(self) -> tuple[str | None, Part] | None:
        """The process, of those that are known and have thirty rows, that has it least."""
        found = [
            (process, part)
            for process, part in self.processes.items()
            if process is not None and part.n >= INDICATIVE
        ]
        return min(found, key=lambda one: (one[1].share or 0.0, str(one[0])), default=None)

    @property
    def is_gap(self) -> bool:
        """Whether it is missing often enough to be told."""
        return self.whole.share is not None and self.whole.share < ENOUGH


@dataclass(frozen=True)
class Coding:
    """How one department codes the reasons of its inbound contacts, in contacts.

    Attributes:
        department: None where the contact has no case, or the case no department.
        n: contacts.
        given: with a reason.
        configured: with a reason that configuration knows.
        other: with a reason that says nothing ("other").
    """

    department: str | None
    n: int = 0
    given: int = 0
    configured: int = 0
    other: int = 0


@dataclass(frozen=True)
class Step:
    """One moment of a chain: how many cases are known to have passed it, and how many tell so."""

    process: str | None
    moment: str
    optional: bool
    passed: int
    measured: int

    @property
    def share(self) -> float | None:
        """The share (0-1) with an event; None where no case passed it."""
        return self.measured / self.passed if self.passed else None


@dataclass(frozen=True)
class Aside:
    """Rows of one import that were set aside: how many, by table, and the most frequent reason.

    Of the `n` rows `corrected` are in by now, brought by the imports `by`.
    """

    import_id: int
    file: str
    profile: str
    loaded_at: Any
    table: str
    n: int
    column: str | None
    reason: str
    most: int
    corrected: int = 0
    by: tuple[int, ...] = ()

    @property
    def open(self) -> int:
        """Rows that are not in yet."""
        return self.n - self.corrected


def coverages(
    table: str,
    fields: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    weakened: Mapping[str, tuple[str, ...]],
    split: Mapping[str, int] = MappingProxyType({}),
) -> list[Coverage]:
    """The fields of a table, of rows per month and process; none where there are no rows."""
    told = list(rows)
    found = []
    for name in fields:
        months: dict[str, Part] = {}
        processes: dict[str | None, Part] = {}
        for row in told:
            part = Part(int(row[f"has_{name}"]), int(row[f"n_{name}"]))
            months[row["month"]] = months.get(row["month"], Part()) + part
            process = row["process"]
            processes[process] = processes.get(process, Part()) + part
        whole = sum(months.values(), Part())
        if whole.n:
            in_order = dict(sorted(months.items()))
            found.append(
                Coverage(
                    table,
                    name,
                    whole,
                    in_order,
                    processes,
                    weakened.get(name, ()),
                    split.get(name, 0),
                )
            )
    return found


def codings(
    rows: Iterable[Mapping[str, Any]], configured: set[str], other: set[str]
) -> list[Coding]:
    """Per department, most contacts first, of rows per department and reason.

    Args:
        rows: department, reason (as understood) and n.
        configured: ids of reasons that configuration knows.
        other: reasons that say nothing, folded.
    """
    found: dict[str | None, list[int]] = {}
    for row in rows:
        counts = found.setdefault(row["department"], [0, 0, 0, 0])
        n, reason = int(row["n"]), row["reason"]
        counts[0] += n
        if reason is None:
            continue
        counts[1] += n
        counts[2] += n if reason in configured else 0
        counts[3] += n if reason.strip().casefold() in other else 0
    made = [Coding(department, *counts) for department, counts in found.items()]
    return sorted(made, key=lambda one: (-one.n, one.department or ""))


def asides(rows: Iterable[Mapping[str, Any]]) -> list[Aside]:
    """Per import and table, the latest first."""
    grouped: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        grouped.setdefault((row["import_id"], row["table_name"]), []).append(row)
    found = []
    for (import_id, table), members in grouped.items():
        most = max(members, key=lambda row: (row["n"], row["reason"] or ""))
        found.append(
            Aside(
                import_id, most["file"], most["profile"] or "", most["loaded_at"], table,
                sum(int(row["n"]) for row in members), most["column_name"], most["reason"],
                int(most["n"]),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.import_id, one.table))
