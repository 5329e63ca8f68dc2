"""A nightly load beside the running application: reading goes on, and sees all of it or nothing."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from kpi.commands import COMMANDS
from kpi.settings import load_settings
from kpi.store import Store, endpoint, open_store
from kpi.store import store as module
from kpi.store.listener import Listener
from kpi.tables import table
from tests.unattended.test_inbox import PROFILE

ROWS = 2_000
#: Seconds that a reader may take at most, on whatever machine; it is not measured.
PATIENCE = 120


def counted(store: Store) -> tuple[int, int]:
    """Posts there are, and those that numbers are made of, in one look."""
    posts, texts = table("posts"), table("prepared_texts")
    [row] = store.rows(
        sa.select(
            sa.select(sa.func.count()).select_from(posts).scalar_subquery().label("posts"),
            sa.select(sa.func.count()).select_from(texts).scalar_subquery().label("texts"),
        )
    )
    return row["posts"], row["texts"]


def test_a_load_neither_stops_readers_nor_shows_them_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(f"p{n};2026-03-02 10:00;tekst {n}\n" for n in range(ROWS))
    (tmp_path / "posts.csv").write_text("nummer;tijd;tekst\n" + lines, encoding="utf-8")
    (tmp_path / "posts.toml").write_text(PROFILE, encoding="utf-8")
    settings = load_settings(f"duckdb:///{tmp_path / 'store.duckdb'}")
    writing, read, ended = threading.Event(), threading.Event(), threading.Event()
    prepare = module.prepare

    def waiting(*given: object) -> object:
        # The rows are written and not committed: from here on somebody must be able to read.
        writing.set()
        assert read.wait(PATIENCE), "nobody could read while a file was being loaded"
        return prepare(*given)  # type: ignore[arg-type]

    seen: list[tuple[int, int]] = []

    def reading(store: Store) -> None:
        while not ended.wait(0.02):
            begun = writing.is_set()
            seen.append(counted(store))
            if begun:
                read.set()

    said: list[str] = []
    with open_store(settings) as store, Listener(store, COMMANDS):
        monkeypatch.setattr(module, "prepare", waiting)
        readers = [threading.Thread(target=reading, args=(store,)) for _ in range(2)]
        for reader in readers:
            reader.start()
        try:
            # As a timer would, from another process: through the socket of the one that has it.
            asked = {
                "files": [str(tmp_path / "posts.csv")],
                "profile": str(tmp_path / "posts.toml"),
            }
            code = endpoint.run(settings, COMMANDS, "load", asked, said.append, said.append)
        finally:
            ended.set()
            for reader in readers:
                reader.join(PATIENCE)
        assert code == 0, said
        assert counted(store) == (ROWS, ROWS)
        assert store.imports()[0]["accepted"] == ROWS
    assert set(seen) <= {(0, 0), (ROWS, ROWS)}
    assert (0, 0) in seen
