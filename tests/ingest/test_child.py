"""The process that reads: it can be killed, it is limited, and it leaves nothing behind."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from kpi.ingest import Cancelled, Refused, parse_profile, stage
from kpi.ingest.parent import run_child, work_folder
from kpi.settings import load_settings
from tests.ingest.conftest import profile_of, rows_of

PROFILE = profile_of("cases", case_id='"id"', opened_at='"when"', status="{ value = 'open' }")


@pytest.fixture
def settings(tmp_path):
    return load_settings(f"duckdb:///{tmp_path / 'store.duckdb'}")


@pytest.fixture
def staging(tmp_path):
    folder = tmp_path / "staging"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def large(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("id,when\n")
        file.writelines(f'"{at}","2026-01-05 10:{at % 60:02d}" \n' for at in range(600_000))
    return path


def with_caps(settings, **caps):
    return replace(settings, caps=replace(settings.caps, **caps))


def test_staged_files_and_nothing_else(tmp_path, settings, staging, connection_to):
    path = tmp_path / "zaken.csv"
    path.write_text("id,when\n1,2026-01-05\n2,soon\n", encoding="utf-8")
    manifest = stage(path, parse_profile(PROFILE, "zaken"), staging, settings)
    (feed,) = manifest.feeds
    assert (manifest.file, manifest.profile, manifest.rows) == ("zaken.csv", "zaken", 2)
    assert (feed.staged, feed.quarantined) == (1, 1)
    assert len(manifest.hash) == 64
    left = [found.name for found in staging.rglob("*") if found.is_file()]
    assert sorted(left) == ["feed_0.parquet", "quarantine.parquet"]
    assert rows_of(connection_to(staging), feed.parquet)[0]["case_id"] == "1"


@pytest.fixture
def connection_to():
    from kpi.store.scratch import scratch

    opened = []

    def connect(folder):
        opened.append(scratch([folder], threads=1))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


def test_it_takes_little_to_start():
    # What the child imports decides how long every load takes.
    said = subprocess.run(
        [sys.executable, "-c", "import sys, kpi.ingest.child; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    heavy = {"sqlalchemy", "pandas", "pyarrow", "numpy", "babel", "clevercsv", "rapidfuzz"}
    assert not heavy & set(said)


def test_cancelling_stops_the_child_and_leaves_nothing(large, settings, staging):
    began = time.monotonic()
    told = []
    with pytest.raises(Cancelled):
        stage(
            large, parse_profile(PROFILE), staging, settings,
            progress=lambda name, done: told.append((name, done)),
            cancel=lambda: time.monotonic() - began > 0.3,
        )  # fmt: skip
    assert not [found for found in staging.rglob("*") if found.is_file()]


def test_too_long_is_stopped_with_a_sentence(large, settings, staging):
    with pytest.raises(Refused, match="max_parse_seconds"):
        stage(large, parse_profile(PROFILE), staging, with_caps(settings, max_parse_seconds=0))
    assert not [found for found in staging.rglob("*") if found.is_file()]


@pytest.mark.parametrize(
    ("caps", "word"),
    [
        ({"max_bytes": 10}, "max_bytes"),
        ({"max_rows": 1}, "max_rows"),
        ({"max_columns": 1}, "columns"),
    ],
)
def test_caps(tmp_path, settings, staging, caps, word):
    path = tmp_path / "zaken.csv"
    path.write_text("id,when\n1,2026-01-05\n2,2026-01-05\n", encoding="utf-8")
    with pytest.raises(Refused, match=word):
        stage(path, parse_profile(PROFILE), staging, with_caps(settings, **caps))


def test_killed_by_somebody_else(large, settings, staging):
    """A child that dies is told of in a sentence; no traceback, no half a result."""

    def kill_it():
        for _ in range(400):
            time.sleep(0.02)
            for pid in _children():
                os.kill(pid, 9)
                return

    killer = threading.Thread(target=kill_it)
    killer.start()
    with work_folder(staging, large) as folder, pytest.raises(Refused, match="stopped"):
        run_child(folder, large, settings, job="stage", profile=PROFILE)
    killer.join()
    assert not list(staging.iterdir())


def _children(parent: int | None = None) -> list[int]:
    """Processes of ours that read a file."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(parent or os.getpid())],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    return [int(line.split()[0]) for line in listed if "kpi.ingest.child" in line]


def test_a_name_that_means_something_elsewhere(tmp_path, settings, staging):
    path = tmp_path / "[a]*'?.csv"
    path.write_text("id,when\n1,2026-01-05\n", encoding="utf-8")
    manifest = stage(path, parse_profile(PROFILE), staging, settings)
    assert (manifest.file, manifest.feeds[0].staged) == ("[a]*'?.csv", 1)


def test_the_key_is_for_its_owner_only(tmp_path, settings, staging):
    from kpi.ingest.key import key_path, load_key

    path = key_path(settings)
    key = load_key(path)
    assert len(key) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_key(path) == key
    assert path.name == "store.duckdb.key"


def test_progress_is_told_in_the_language_of_whoever_asked(large, settings, staging):
    from kpi.i18n import language, use

    spoken = set()
    with use("nl"):
        stage(large, parse_profile(PROFILE), staging, settings,
              progress=lambda _stage, _done: spoken.add(language()))  # fmt: skip
    assert spoken == {"nl"}


def test_a_child_does_not_outlive_whoever_asked(large, tmp_path):
    script = (
        "import sys; from pathlib import Path\n"
        "from kpi.ingest import parse_profile, stage\n"
        "from kpi.settings import load_settings\n"
        f"stage(Path({str(large)!r}), parse_profile({PROFILE!r}), Path({str(tmp_path)!r}),"
        f" load_settings('duckdb:///{tmp_path}/store.duckdb'))\n"
    )
    asking = subprocess.Popen([sys.executable, "-c", script])
    child = _await(lambda: _children(asking.pid))
    asking.kill()
    asking.wait()
    assert _await(lambda: [] if _alive(child[0]) else [True])


def _await(what):
    for _ in range(600):
        if found := what():
            return found
        time.sleep(0.05)
    return None


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
