"""Loading a file: what becomes of its rows, and what is kept about it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from kpi.store import Store, StoreProblem, UndoBlocked
from kpi.store.undo import Stays
from kpi.tables import before, seen, table
from tests.store.loading import case, day, manifest, post, staged_feed, staged_quarantine


def load(store: Store, *rows: dict[str, object], name: str = "posts", **more: object):
    columns = more.pop("columns", None)
    feed = staged_feed(store.staging, name, rows, columns)
    return store.import_staged(manifest(feed, **more), "analyst")


def facts(store: Store, name: str = "posts", *columns: str) -> list[dict[str, object]]:
    of = table(name)
    chosen = [of.c[column] for column in columns] or list(of.c)
    return store.rows(sa.select(*chosen).order_by(*(of.c[key] for key in of.info["key"])))


def counts(report) -> tuple[int, int, int]:
    return report.counts.accepted, report.counts.updated, report.counts.unchanged


def test_new_rows_are_accepted_and_say_their_import(store: Store) -> None:
    report = load(store, post("0001", source="late"), post("2"))
    assert counts(report) == (2, 0, 0)
    assert facts(store, "posts", "post_id", "source", "import_id") == [
        {"post_id": "0001", "source": "late", "import_id": 1},
        {"post_id": "2", "source": None, "import_id": 1},
    ]


def test_columns_that_the_feed_does_not_fill_keep_what_they_had(store: Store) -> None:
    load(store, post("1", source="late", process="Planning"))
    report = load(store, post("1", source="lost"))
    assert counts(report) == (0, 1, 0)
    assert facts(store, "posts", "source", "process") == [{"source": "lost", "process": "Planning"}]


def test_a_filled_but_empty_cell_empties(store: Store) -> None:
    load(store, post("1", source="late", process="Planning"))
    load(store, post("1", source=None))
    assert facts(store, "posts", "source", "process") == [{"source": None, "process": "Planning"}]


def test_what_an_import_changed_is_kept_as_it_was(store: Store) -> None:
    load(store, post("1", source="late"))
    load(store, post("1", source="lost"))
    image = before("posts")
    kept = store.rows(sa.select(image.c.source, image.c.import_id, image.c.replaced_by))
    assert kept == [{"source": "late", "import_id": 1, "replaced_by": 2}]


def test_an_older_row_changes_nothing_and_an_equally_old_one_does(store: Store) -> None:
    now = datetime(2026, 3, 5)
    load(store, case("1", reason="now", updated_at=now), name="cases")
    report = load(
        store, case("1", reason="old", updated_at=now - timedelta(seconds=1)), name="cases"
    )
    assert counts(report) == (0, 0, 1)
    assert facts(store, "cases", "reason") == [{"reason": "now"}]
    report = load(store, case("1", reason="corrected", updated_at=now), name="cases")
    assert counts(report) == (0, 1, 0)


@pytest.mark.parametrize("stored", [None, datetime(2026, 3, 5)])
def test_without_both_times_of_change_the_later_file_wins(store: Store, stored) -> None:
    load(store, case("1", reason="first", updated_at=stored), name="cases")
    given = None if stored else datetime(2020, 1, 1)
    assert counts(load(store, case("1", reason="second", updated_at=given), name="cases")) == (
        0,
        1,
        0,
    )
    assert facts(store, "cases", "reason", "updated_at") == [
        {"reason": "second", "updated_at": given}
    ]


def test_the_same_file_twice_changes_nothing(store: Store) -> None:
    feed = staged_feed(store.staging, "posts", [post("1"), post("2")], left_out=3, quarantined=1)
    first = store.import_staged(manifest(feed, content="a"), "analyst")
    version = store.data_version
    again = store.import_staged(manifest(feed, content="a"), "analyst")
    assert again.import_id is None
    assert again.already_loaded == first.import_id == 1
    assert again.as_of == first.as_of
    assert counts(again) == (0, 0, 2)
    assert (again.counts.rows, again.counts.left_out, again.counts.quarantined) == (6, 3, 1)
    assert store.data_version == version
    assert len(store.imports()) == 1


def test_the_same_file_with_another_profile_or_cut_off_is_judged_row_by_row(store: Store) -> None:
    feed = staged_feed(store.staging, "posts", [post("1")])
    load_at = datetime(2026, 3, 31)
    store.import_staged(manifest(feed, content="a"), "analyst")
    later = store.import_staged(manifest(feed, content="a", as_of=load_at), "analyst")
    assert later.import_id == 2
    assert counts(later) == (0, 0, 1)
    assert store.as_of(["posts"]) == load_at
    same = store.import_staged(manifest(feed, content="a", as_of=load_at), "analyst")
    assert same.already_loaded == 2


def test_a_file_that_was_taken_back_can_be_loaded_again(store: Store) -> None:
    feed = staged_feed(store.staging, "posts", [post("1")])
    store.import_staged(manifest(feed, content="a"), "analyst")
    store.undo(1, "analyst")
    again = store.import_staged(manifest(feed, content="a"), "analyst")
    assert again.import_id == 2
    assert counts(again) == (1, 0, 0)


def test_two_feeds_of_one_file_may_fill_one_table(store: Store) -> None:
    load(store, post("1", source="late"))
    opened = staged_feed(store.staging, "posts", [post("1", source="lost"), post("2")])
    closed = staged_feed(
        store.staging,
        "posts",
        [{**post("1"), "text": "another"}, {**post("2"), "text": "another"}],
    )
    report = store.import_staged(manifest(opened, closed), "analyst")
    assert [feed.counts.accepted for feed in report.feeds] == [1, 0]
    assert [feed.counts.updated for feed in report.feeds] == [1, 2]
    # One before-image: what an earlier feed of the same import wrote is no history.
    image = before("posts")
    kept = store.rows(sa.select(image.c.post_id, image.c.source, image.c.replaced_by))
    assert kept == [{"post_id": "1", "source": "late", "replaced_by": 2}]
    store.undo(2, "analyst")
    assert facts(store, "posts", "post_id", "source", "text") == [
        {"post_id": "1", "source": "late", "text": "a text"}
    ]


def test_a_key_column_that_is_not_filled_has_its_default(store: Store) -> None:
    rows = [{"date": day("2026-03-02"), "staffed_hours": 8.0}]
    load(store, *rows, name="staffing")
    empty = [{"date": day("2026-03-02"), "process": None, "staffed_hours": 9.0}]
    assert counts(load(store, *empty, name="staffing")) == (0, 1, 0)
    assert facts(store, "staffing", "process", "staffed_hours") == [
        {"process": "", "staffed_hours": 9.0}
    ]


def test_every_type_survives(store: Store) -> None:
    contact = {
        "contact_id": "007",
        "started_at": datetime(2026, 3, 29, 1, 30, 0, 123456),
        "channel": "phone",
        "wait_s": 0.1,
        "abandoned": False,
        "text": "=1+1 'quoted' \U0001f600 \x00".replace("\x00", ""),
    }
    load(store, contact, name="contacts")
    assert facts(store, "contacts", *contact) == [contact]
    customer = {"customer_id": "1", "customer_since": day("2020-02-29"), "has_portal": True}
    load(store, customer, name="customers")
    assert facts(store, "customers", *customer) == [customer]
    line = case("1", line=2)
    load(store, line, name="cases")
    assert facts(store, "cases", *line) == [line]


def test_quarantined_rows_are_kept_until_the_import_is_taken_back(store: Store) -> None:
    feed = staged_feed(store.staging, "posts", [post("1")], quarantined=1)
    problem = {
        "feed": 0,
        "row_number": 3,
        "position": 0,
        "column_name": "Opgelost op",
        "value": "31-02-2026",
        "reason": "is not a date",
        "raw": json.dumps(["2", "31-02-2026"]),
    }
    aside = staged_quarantine(store.staging, [problem, {**problem, "position": 1}])
    report = store.import_staged(manifest(feed, quarantine=aside), "analyst")
    assert report.counts.quarantined == 1
    assert store.quarantined(1) == [
        {"import_id": 1, **problem},
        {"import_id": 1, **problem, "position": 1},
    ]
    store.undo(1, "analyst")
    assert store.quarantined(1) == []


def test_the_books_tell_what_was_loaded(store: Store) -> None:
    opened = datetime(2026, 3, 2, 9)
    feed = staged_feed(store.staging, "posts", [post("1", opened)], left_out=2)
    read = manifest(feed, file="zaken.csv", warnings=("Day and month look swapped.",))
    before_loading = datetime.now(UTC).replace(tzinfo=None)
    store.import_staged(read, "analyst")
    (row,) = store.imports()
    assert row.pop("loaded_at") >= before_loading
    (told,) = row.pop("feeds")
    assert row == {
        "import_id": 1,
        "file": "zaken.csv",
        "hash": read.hash,
        "profile": "test",
        "profile_hash": "p",
        "who": "analyst",
        "rows": 3,
        "accepted": 1,
        "updated": 0,
        "unchanged": 0,
        "left_out": 2,
        "quarantined": 0,
        "as_of": opened,
        "warnings": ["Day and month look swapped."],
        "undone_at": None,
        "undone_by": None,
    }
    assert (told["table_name"], told["rows"], told["as_of"]) == ("posts", 3, opened)
    assert told["columns"] == ["post_id", "posted_at", "text"]
    store.undo(1, "manager")
    (row,) = store.imports()
    assert (row["undone_by"], row["undone_at"] >= before_loading) == ("manager", True)


def test_an_empty_feed_is_an_import_too(store: Store) -> None:
    feed = staged_feed(store.staging, "posts", [], ["post_id", "posted_at", "text"])
    report = store.import_staged(manifest(feed, as_of=datetime(2026, 1, 31)), "analyst")
    assert report.import_id == 1
    assert store.as_of(["posts"]) == datetime(2026, 1, 31)


def test_progress_is_told(store: Store) -> None:
    told: list[tuple[float, str]] = []
    feed = staged_feed(store.staging, "posts", [post("1")])
    store.import_staged(manifest(feed), "analyst", lambda done, what: told.append((done, what)))
    assert [what for _, what in told] == ["Loading rows", "Preparing numbers"]


@pytest.mark.parametrize(
    ("rows", "columns", "why"),
    [
        ([post("1"), post("1")], None, "staged twice"),
        ([{"post_id": "1", "source": "late"}], None, "does not fill posted_at"),
    ],
)
def test_what_reading_should_not_have_let_through_changes_nothing(
    store: Store, rows, columns, why
) -> None:
    feed = staged_feed(store.staging, "posts", rows, columns)
    version = store.data_version
    with pytest.raises(ValueError, match=why):
        store.import_staged(manifest(feed), "analyst")
    assert facts(store) == []
    assert store.imports() == []
    assert store.data_version == version
    # The writer is free again and nothing temporary lies about.
    load(store, post("1"))


# As of


def test_as_of_is_the_earliest_of_the_latest(store: Store) -> None:
    assert store.as_of(["cases", "contacts"]) is None
    load(store, case("1", datetime(2026, 3, 1)), name="cases")
    load(store, case("2", datetime(2026, 2, 1)), name="cases")
    assert store.as_of(["cases", "contacts"]) == datetime(2026, 3, 1)
    contact = {"contact_id": "c", "started_at": datetime(2026, 2, 20), "channel": "phone"}
    load(store, contact, name="contacts")
    assert store.as_of(["cases"]) == datetime(2026, 3, 1)
    assert store.as_of(["cases", "contacts"]) == datetime(2026, 2, 20)
    # Customers carry no moment at which something happened: they bound nothing.
    load(store, {"customer_id": "1", "customer_since": day("2020-01-01")}, name="customers")
    assert store.as_of(["customers"]) is None
    assert store.as_of(["cases", "customers"]) == datetime(2026, 3, 1)
    store.undo(1, "analyst")
    assert store.as_of(["cases"]) == datetime(2026, 2, 1)


def test_the_profile_says_as_of_and_loading_bounds_it(store: Store) -> None:
    load(store, post("1", datetime(2026, 3, 1)), as_of=datetime(2026, 3, 31, 22))
    assert store.as_of(["posts"]) == datetime(2026, 3, 31, 22)
    before_loading = datetime.now(UTC).replace(tzinfo=None)
    report = load(store, post("2", before_loading + timedelta(days=2)))
    assert report.as_of is not None
    assert before_loading <= report.as_of <= datetime.now(UTC).replace(tzinfo=None)
    assert store.as_of(["posts"]) == report.as_of


def test_a_cut_off_in_the_future_is_no_new_file_each_time(store: Store) -> None:
    feed = staged_feed(store.staging, "posts", [post("1")])
    read = manifest(feed, content="a", as_of=datetime(2099, 1, 1))
    store.import_staged(read, "analyst")
    assert store.import_staged(read, "analyst").already_loaded == 1


# Taking back


def test_undo_removes_what_came_and_restores_what_was(store: Store) -> None:
    load(store, post("1", source="late"), post("2"))
    earlier = facts(store)
    load(store, post("1", source="lost"), post("3"))
    foreseen = store.undo_preview(2)
    assert facts(store) != earlier, "only looked at"
    report = store.undo(2, "analyst")
    assert report == foreseen
    assert [(done.table, done.removed, done.restored) for done in report.tables] == [
        ("posts", 1, 1)
    ]
    assert facts(store) == earlier
    assert store.rows(sa.select(before("posts"))) == []


def test_rows_that_a_later_file_brought_the_same_pass_to_it(store: Store) -> None:
    load(store, post("1", source="late", process="Planning"), post("2", source="a"))
    load(store, post("1", source="late"), columns=["post_id", "posted_at", "text", "source"])
    foreseen = store.undo_preview(1)
    report = store.undo(1, "analyst")
    assert report == foreseen
    assert [(done.removed, done.passed, done.by) for done in report.tables] == [(1, 1, (2,))]
    assert foreseen.tables[0].stays == (Stays(("1",), 2),)
    # Just as the second file alone would have left it: it said nothing of the department.
    assert facts(store, "posts", "post_id", "source", "process", "import_id") == [
        {"post_id": "1", "source": "late", "process": None, "import_id": 2}
    ]
    assert store.rows(sa.select(seen("posts"))) == []


def test_later_files_that_told_parts_of_a_row_pass_it_on_in_their_order(store: Store) -> None:
    required = ["post_id", "posted_at", "text"]
    load(store, post("1", source="late", process="Planning"))
    load(store, post("1", source="late"), columns=[*required, "source"])
    load(store, post("1", process="Planning"), columns=[*required, "process"])
    store.undo(1, "analyst")
    assert facts(store, "posts", "source", "process", "import_id") == [
        {"source": "late", "process": "Planning", "import_id": 3}
    ]
    image = before("posts")
    kept = store.rows(
        sa.select(image.c.source, image.c.process, image.c.import_id, image.c.replaced_by)
    )
    assert kept == [{"source": "late", "process": None, "import_id": 2, "replaced_by": 3}]
    assert store.rows(sa.select(seen("posts"))) == []
    store.undo(3, "analyst")
    assert facts(store, "posts", "source", "process", "import_id") == [
        {"source": "late", "process": None, "import_id": 2}
    ]


def test_undo_is_refused_while_later_imports_build_on_it(store: Store) -> None:
    load(store, case("1", reason="a", updated_at=datetime(2026, 3, 5)), case("2"), name="cases")
    load(store, case("1", reason="old", updated_at=datetime(2026, 3, 4)), name="cases")
    load(store, case("2", reason="b"), name="cases")
    earlier = facts(store, "cases")
    version = store.data_version
    with pytest.raises(UndoBlocked, match=r"imports 3, 2 changed its rows"):
        store.undo_preview(1)
    with pytest.raises(UndoBlocked, match=r"imports 3, 2 changed its rows") as refused:
        store.undo(1, "analyst")
    assert refused.value.imports == (3, 2)
    assert facts(store, "cases") == earlier
    assert store.data_version == version
    for later in refused.value.imports:
        store.undo(later, "analyst")
    store.undo(1, "analyst")
    assert facts(store, "cases") == []


def test_undo_of_nothing_gets_a_sentence(store: Store) -> None:
    with pytest.raises(StoreProblem, match="There is no import 7"):
        store.undo(7, "analyst")
    load(store, post("1"))
    store.undo(1, "analyst")
    with pytest.raises(StoreProblem, match=r"Import 1 \(cases.csv\) was taken back already"):
        store.undo(1, "analyst")
