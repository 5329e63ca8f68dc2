"""The inbox: what is taken and when, where it goes, and that nothing is loaded twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from kpi.i18n import use
from kpi.numbers.feeds import late_feeds
from kpi.settings import load_settings
from kpi.store import Store, open_store
from kpi.tables import table
from kpi.unattended import Handled, empty_inbox, inbox_of
from kpi.unattended import inbox as module
from kpi.unattended.inbox import AGAIN, STILL, Seen

PROFILE = """
name = "posts"
files = ["berichten-*.csv"]
[[feeds]]
table = "posts"
[feeds.columns]
post_id = "nummer"
posted_at = "tijd"
text = "tekst"
"""


class Inbox:
    """An inbox over a store, with a clock that is put on by hand."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder, self.now = store, folder, 100.0
        self.seen: dict[str, Seen] = {}

    def round(self, later: float = 0.0) -> list[Handled]:
        self.now += later
        with use("en"):
            return list(empty_inbox(self.store, self.folder, self.seen, clock=lambda: self.now))

    def put(self, name: str, *numbers: str, text: str = "hallo") -> Path:
        self.folder.mkdir(exist_ok=True)
        path = self.folder / name
        rows = "".join(f"{number};2026-03-02 10:00;{text}\n" for number in numbers)
        path.write_text("nummer;tijd;tekst\n" + rows, encoding="utf-8")
        return path

    def names(self, folder: str) -> list[str]:
        return sorted(one.name for one in (self.folder / folder).glob("*"))

    def loaded(self) -> int:
        posts = table("posts")
        found = self.store.rows(sa.select(sa.func.count().label("n")).select_from(posts))
        return int(found[0]["n"])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("inbox") / "store.duckdb"
    with open_store(load_settings(f"duckdb:///{path}")) as opened:
        row = {"profile": "posts", "valid_from": date(2020, 1, 1), "toml": PROFILE,
               "file_pattern": "POSTS_*.csv"}  # fmt: skip
        opened.configure("feed_profiles", [row], "test")
        yield opened


@pytest.fixture
def inbox(store: Store, tmp_path: Path) -> Inbox:
    return Inbox(store, tmp_path / "inbox")


def test_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = load_settings(f"duckdb:///{tmp_path / 'ketenzicht.duckdb'}")
    assert inbox_of(beside) == tmp_path / "inbox"
    # Two stores in one folder do not empty each other's.
    assert (
        inbox_of(load_settings(f"duckdb:///{tmp_path / 'b.duckdb'}")) == tmp_path / "b.duckdb.inbox"
    )
    monkeypatch.setenv("KETENZICHT_INBOX", "off")
    assert inbox_of(load_settings(f"duckdb:///{tmp_path / 'b.duckdb'}")) is None


def test_a_file_is_taken_when_it_lies_still_and_goes_to_done_with_a_report(inbox: Inbox) -> None:
    before = inbox.loaded()
    path = inbox.put("posts_1.csv", "1")
    assert inbox.round() == []
    inbox.put("posts_1.csv", "1", "2")
    assert inbox.round(STILL) == [], "it was written again: it does not lie still yet"
    [handled] = inbox.round(STILL)
    assert handled.outcome.total("accepted") == 2
    assert not path.exists()
    assert handled.moved_to is not None
    assert handled.moved_to.name.endswith("_posts_1.csv")
    name = handled.moved_to.name
    assert inbox.names("done") == [name, f"{name}.report.json", f"{name}.report.txt"]
    said = json.loads((inbox.folder / "done" / f"{name}.report.json").read_text())
    assert (said["rows"], said["accepted"], said["quarantined"]) == (2, 2, 0)
    words = (inbox.folder / "done" / f"{name}.report.txt").read_text()
    assert "posts_1.csv: loaded as import" in words
    assert "2 rows: 2 new" in words
    assert inbox.loaded() == before + 2
    # By its own patterns too; and the latest import goes by the name that the profile is saved under.
    inbox.put("Berichten-x.csv", "3")
    inbox.round()
    [again] = inbox.round(STILL)
    assert again.outcome.total("accepted") == 1
    assert inbox.store.imports()[0]["profile"] == "posts"


def test_what_is_no_delivery_stays(inbox: Inbox) -> None:
    names = ["~$posts_1.csv", "posts_1.csv.part", "posts_1.csv.tmp", ".posts_1.csv", "Thumbs.db"]
    for name in names:
        inbox.put(name, "1")
    (inbox.folder / "posts_folder.csv").mkdir()
    inbox.round()
    assert inbox.round(STILL) == []
    assert sorted(path.name for path in inbox.folder.iterdir()) == sorted(
        [*names, "posts_folder.csv"]
    )


def test_what_cannot_be_loaded_goes_to_failed_and_is_seen(inbox: Inbox, tmp_path: Path) -> None:
    before = inbox.loaded()
    elsewhere = tmp_path / "posts_secret.csv"
    elsewhere.write_text("nummer;tijd;tekst\n9;2026-03-02 10:00;secret\n")
    inbox.folder.mkdir()
    (inbox.folder / "posts_link.csv").symlink_to(elsewhere)
    (inbox.folder / "strange.csv").write_text("a;b\n1;2\n3;4\n")
    (inbox.folder / "page.csv").write_text("<html><body>sign in first</body></html>\n")
    (inbox.folder / "posts_other.csv").write_text("nummer;moment\n1;2026-03-02 10:00\n")
    inbox.round()
    handled = {one.outcome.file: one for one in inbox.round(STILL)}
    assert {name: one.outcome.exit_code for name, one in handled.items()} == dict.fromkeys(
        handled, 2
    )
    assert len(handled) == 4
    assert inbox.loaded() == before
    assert elsewhere.read_text().endswith("secret\n")
    link = handled["posts_link.csv"].moved_to
    assert link is not None
    assert link.is_symlink()
    assert "is a link" in link.with_name(f"{link.name}.report.txt").read_text()
    strange = handled["strange.csv"].moved_to
    assert strange is not None
    assert "No saved profile is meant for files of this name" in (
        strange.with_name(f"{strange.name}.report.txt").read_text()
    )
    # What cannot be read at all is no matter of a profile, and loading it by hand is no way out.
    assert (handled["page.csv"].outcome.refused or "").startswith("This is a file of the kind HTML")
    late = {one.feed: one.failure for one in late_feeds(inbox.store)}
    assert {"posts", "strange.csv", "posts_link.csv"} <= set(late)
    failure = late["posts"]
    assert failure is not None
    assert "The profile reads column tijd" in failure.reason
    assert (failure.file, failure.way) == ("posts_other.csv", "inbox")


def test_two_profiles_for_one_name_are_a_doubt(inbox: Inbox) -> None:
    row = {"profile": "other posts", "valid_from": date(2020, 1, 1), "toml": PROFILE,
           "file_pattern": "posts_2*"}  # fmt: skip
    inbox.store.configure("feed_profiles", [row], "test")
    try:
        inbox.put("posts_2.csv", "1")
        inbox.round()
        [handled] = inbox.round(STILL)
    finally:
        inbox.store.remove_configuration(
            "feed_profiles", [{"profile": "other posts", "valid_from": date(2020, 1, 1)}], "test"
        )
    assert handled.outcome.refused == (
        "Several profiles are meant for files named posts_2.csv: other posts, posts."
    )


class Killed(BaseException):
    """As if the process ended here."""


def test_a_crash_between_loading_and_moving_loads_nothing_twice(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_given: object) -> Path:
        raise Killed

    path = inbox.put("posts_crash.csv", "c1", "c2")
    inbox.round()
    before = inbox.loaded()
    with monkeypatch.context() as patched:
        patched.setattr(module, "_move", killed)
        with pytest.raises(Killed):
            inbox.round(STILL)
    assert path.exists()
    assert inbox.loaded() == before + 2
    imports = len(inbox.store.imports())
    # Another process, that knows nothing.
    inbox.seen.clear()
    inbox.round()
    [handled] = inbox.round(STILL)
    assert handled.outcome.already_loaded is not None
    assert handled.outcome.import_id is None
    assert "was loaded before" in handled.outcome.warnings[0]
    assert (inbox.loaded(), len(inbox.store.imports())) == (before + 2, imports)
    assert len(inbox.names("done")) == 3


def test_nothing_in_done_is_overwritten_and_what_cannot_be_moved_is_let_lie(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "datetime", _Frozen)
    for text in ("first", "second"):
        inbox.put("posts_3.csv", "o1", text=text)
        inbox.round()
        [handled] = inbox.round(STILL)
        assert handled.moved_to is not None
    names = [name for name in inbox.names("done") if name.endswith(".csv")]
    assert len(names) == 2
    assert names[0].endswith("_posts_3-2.csv")
    with monkeypatch.context() as patched:
        patched.setattr(module, "_move", full)
        inbox.put("posts_4.csv", "o1", text="third")
        inbox.round()
        [handled] = inbox.round(STILL)
        assert handled.moved_to is None
        assert inbox.round(STILL) == []
    [handled] = inbox.round(AGAIN)
    assert handled.outcome.already_loaded is not None


class _Frozen(module.datetime):  # type: ignore[name-defined, misc]
    @classmethod
    def now(cls, tz: object = None) -> object:
        return cls(2026, 3, 2, 9, 0, tzinfo=tz)
