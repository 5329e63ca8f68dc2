"""Any order of loading, taking back, configuring and being cut off, against a model in plain Python.

The model keeps the files that are live and tells, by going through them one by one from the
beginning, what the facts, the before-images and the notes of "seen" rows must be. So after an undo
it says by construction what would be there had that file never been loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from kpi.schema import TABLES
from kpi.store import Store, UndoBlocked, imports
from kpi.tables import before, seen, table
from tests.store.loading import manifest, staged_feed

Key = tuple[Any, ...]
REQUIRED = {"cases": ("case_id", "opened_at", "status"), "staffing": ("date", "staffed_hours")}
OPTIONAL = {"cases": ("reason", "department", "line", "updated_at"), "staffing": ("process",)}


@dataclass(frozen=True)
class Feed:
    """What a file says for one table."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]


@dataclass
class Told:
    """What there must be, for one table."""

    facts: dict[Key, dict[str, Any]] = field(default_factory=dict)
    before: list[dict[str, Any]] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)
    #: (import, key, what became of the row), in order.
    events: list[tuple[int, Key, str]] = field(default_factory=list)


def tell(files: dict[int, list[Feed]]) -> dict[str, Told]:
    """Go through the live files in order."""
    told = {name: Told() for name in REQUIRED}
    for import_id, feeds in files.items():
        for position, feed in enumerate(feeds):
            declared = TABLES[feed.table]
            now = told[feed.table]
            for given in feed.rows:
                row = {name: given[name] for name in feed.columns}
                for name in declared.key:
                    if row.get(name) is None:
                        row[name] = declared.by_name[name].default
                key = tuple(row[name] for name in declared.key)
                outcome = judge(now.facts.get(key), row)
                now.events.append((import_id, key, outcome))
                if outcome in {"same", "older"}:
                    noted = dict(zip(declared.key, key, strict=True))
                    now.seen.append(
                        {**noted, "import_id": import_id, "feed": position, "outcome": outcome}
                    )
                    continue
                old = now.facts.get(key)
                if old is not None and old["import_id"] != import_id:
                    now.before.append({**old, "replaced_by": import_id})
                empty = dict.fromkeys(declared.column_names)
                now.facts[key] = {**(old or empty), **row, "import_id": import_id}
    return told


def judge(old: dict[str, Any] | None, row: dict[str, Any]) -> str:
    if old is None:
        return "new"
    mine, theirs = row.get("updated_at"), old.get("updated_at")
    if mine is not None and theirs is not None and mine < theirs:
        return "older"
    return "same" if all(old[name] == value for name, value in row.items()) else "changed"


def in_the_way(files: dict[int, list[Feed]], import_id: int) -> set[int]:
    """Later files that changed a row this one wrote, or were older than it."""
    found = set()
    for now in tell(files).values():
        written = {
            k for one, k, what in now.events if one == import_id and what in {"new", "changed"}
        }
        found |= {
            one
            for one, key, what in now.events
            if one > import_id and key in written and what in {"changed", "older"}
        }
    return found


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "case_id": st.sampled_from(["1", "01", "2"]),
    "opened_at": st.sampled_from([datetime(2026, 3, 1), datetime(2026, 3, 2)]),
    "status": st.sampled_from(["open", "closed"]),
    "reason": st.sampled_from([None, "a", ""]),
    "department": st.sampled_from([None, "b"]),
    "line": st.sampled_from([None, 1]),
    "updated_at": st.sampled_from([None, *(datetime(2026, 3, day) for day in (3, 4, 5))]),
    "date": st.sampled_from([date(2026, 3, 1), date(2026, 3, 2)]),
    "process": st.sampled_from([None, "", "fault"]),
    "staffed_hours": st.sampled_from([0.0, 7.5]),
}


@st.composite
def feeds(draw: st.DrawFn) -> Feed:
    name = draw(st.sampled_from(["cases", "cases", "cases", "staffing"]))
    optional = draw(st.lists(st.sampled_from(OPTIONAL[name]), unique=True))
    columns = tuple(
        column for column in TABLES[name].column_names if column in {*REQUIRED[name], *optional}
    )
    key = TABLES[name].key
    rows = draw(
        st.lists(
            st.fixed_dictionaries({column: VALUES[column] for column in columns}),
            max_size=4,
            # As files are staged: one row per key, an empty cell being the default.
            unique_by=lambda row: tuple(row.get(column) or "" for column in key),
        )
    )
    return Feed(name, columns, tuple(rows))


class CutOff(Exception):
    """As if the writer ended here: in the middle of its transaction."""


@contextmanager
def cut_off(store: Store, at: int) -> Iterator[None]:
    """Let the writer fail before its statement number `at`; it may have been done before that."""
    left = [at]

    def count(*_given: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise CutOff

    engine = store._engine.sql
    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)


#: Statements of a writer at most: from here on nothing is cut off any more.
STATEMENTS = 40


class History(RuleBasedStateMachine):
    """Loads and takes back; the store must always hold what the model tells."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[int, list[Feed]] = {}
        self.loaded = 0
        self.contents: dict[int, object] = {}
        #: What a reason is said to mean; None: ignored on purpose.
        self.meanings: dict[str, str | None] = {}

    @initialize()
    def empty(self) -> None:
        with self.store.write() as connection:
            for name in (*companions("cases"), *companions("staffing")):
                connection.execute(sa.delete(name))
            connection.execute(sa.delete(table("codes")))
            connection.execute(sa.delete(table("imports")))
            connection.execute(sa.delete(table("import_feeds")))

    def load(self, told: list[Feed], content: object) -> int | None:
        read = manifest(
            *(
                staged_feed(self.store.staging, feed.table, feed.rows, feed.columns)
                for feed in told
            ),
            content=content,
        )
        # As Store.import_staged, without preparing the numbers each time.
        with self.store.write() as connection:
            known = imports.already_loaded(connection, read)
            if known is not None:
                return None
            report = imports.bring_in(
                connection, self.store._engine, read, "model", lambda done, what: None, "UTC"
            )
        events = [
            what
            for now in tell({**self.files, report.import_id: told}).values()
            for one, _, what in now.events
            if one == report.import_id
        ]
        counts = report.counts
        assert counts.accepted == events.count("new")
        assert counts.updated == events.count("changed")
        assert counts.unchanged == events.count("same") + events.count("older")
        return report.import_id

    @rule(told=st.lists(feeds(), min_size=1, max_size=2))
    def load_any_file(self, told: list[Feed]) -> None:
        self.load_a_file(told)

    def load_a_file(self, told: list[Feed]) -> None:
        content = ["file", self.loaded + 1]
        import_id = self.load(told, content)
        assert import_id == self.loaded + 1
        self.loaded += 1
        self.files[import_id] = told
        self.contents[import_id] = content

    @rule(told=st.lists(feeds(), min_size=1, max_size=2), at=st.integers(1, STATEMENTS))
    def load_a_file_and_be_cut_off(self, told: list[Feed], at: int) -> None:
        """Whole or not at all: the invariant below looks, and the number is given out again."""
        with cut_off(self.store, at), suppress(CutOff):
            self.load_a_file(told)

    @rule(data=st.data())
    def load_what_is_there(self, data: st.DataObject) -> None:
        """A later extract: mostly the same rows, told by some of their columns."""
        facts = {name: now.facts for name, now in tell(self.files).items() if now.facts}
        if not facts:
            return
        name = data.draw(st.sampled_from(sorted(facts)))
        chosen = data.draw(st.lists(st.sampled_from(OPTIONAL[name]), unique=True))
        columns = tuple(
            column for column in TABLES[name].column_names if column in {*REQUIRED[name], *chosen}
        )
        keys = [key for key in facts[name] if "process" in columns or key[-1] != "fault"]
        rows = [{column: facts[name][key][column] for column in columns} for key in keys]
        if rows and data.draw(st.booleans()):
            changed = data.draw(st.sampled_from(["status", "reason", "updated_at"]))
            if changed in columns:
                rows[0][changed] = data.draw(VALUES[changed])
        self.load_a_file([Feed(name, columns, tuple(rows))])

    @rule(data=st.data())
    def load_a_file_again(self, data: st.DataObject) -> None:
        if self.files:
            which = data.draw(st.sampled_from(sorted(self.files)))
            assert self.load(self.files[which], self.contents[which]) is None

    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        if not self.files:
            return
        which = data.draw(st.sampled_from(sorted(self.files)))
        later = in_the_way(self.files, which)
        refused: set[int] = set()
        try:
            with self.store.write() as connection:
                imports.take_import_back(connection, which, "model")
            del self.files[which]
        except UndoBlocked as problem:
            refused = set(problem.imports)
        assert refused == later

    @rule(data=st.data(), at=st.integers(1, STATEMENTS))
    def take_back_and_be_cut_off(self, data: st.DataObject, at: int) -> None:
        with cut_off(self.store, at), suppress(CutOff):
            self.take_back(data)

    @rule(meaning=st.sampled_from(["order_status", "made_up", None]), at=st.integers(1, 400))
    def say_what_a_reason_means(self, meaning: str | None, at: int) -> None:
        """No fact changes by it; what is understood of them does, of all files at once."""
        row = {"dictionary": "reason", "as_came": "a", "valid_from": date(2020, 1, 1),
               "understood": meaning, "ignored": meaning is None}  # fmt: skip
        try:
            with cut_off(self.store, at):
                changed = self.store.configure("codes", [row], "model")
        except CutOff:
            # Nothing of it holds, nor was anything prepared.
            changed = 0
        if changed:
            self.meanings = {"a": meaning}
            cases = tell(self.files)["cases"].facts.values()
            prepared = table("prepared_cases")
            held = self.store.rows(sa.select(prepared.c.case_id, prepared.c.reason))
            assert {row["case_id"]: row["reason"] for row in held} == {
                case["case_id"]: self.understood(case["reason"]) for case in cases
            }

    def understood(self, reason: str | None) -> str | None:
        if not reason:
            return None
        return self.meanings.get(reason) or reason

    @invariant()
    def what_was_said_stays_said(self) -> None:
        codes = table("codes")
        held = self.store.rows(sa.select(codes.c.as_came, codes.c.understood))
        assert {row["as_came"]: row["understood"] for row in held} == self.meanings

    @invariant()
    def the_store_holds_what_the_model_tells(self) -> None:
        for name, now in tell(self.files).items():
            assert self.held(table(name)) == ordered(now.facts.values())
            assert self.held(before(name)) == ordered(now.before)
            assert self.held(seen(name)) == ordered(now.seen)

    def held(self, of: sa.Table) -> list[Any]:
        return ordered(self.store.rows(sa.select(of)))


def companions(name: str) -> Iterator[sa.Table]:
    yield from (table(name), before(name), seen(name))


def ordered(rows: Any) -> list[Any]:
    return sorted((sorted(row.items()) for row in rows), key=repr)


@pytest.mark.slow
def test_any_history_ends_as_if_what_was_taken_back_had_never_been(store: Store) -> None:
    class OfThisStore(History):
        pass

    OfThisStore.store = store
    # A quarter of what the profile asks for elsewhere: each example is many transactions.
    examples = max(hypothesis_settings().max_examples // 4, 25)
    run_state_machine_as_test(
        OfThisStore, settings=hypothesis_settings(max_examples=examples, stateful_step_count=12)
    )
