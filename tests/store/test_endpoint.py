"""Every command works while another process holds the store; nobody ever meets a lock."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kpi.i18n import use
from kpi.settings import Settings, load_settings
from kpi.store import Store, open_store
from kpi.store import endpoint as module
from kpi.store.endpoint import Address, Emit, reach, run
from kpi.store.listener import Listener
from kpi.store.problems import StoreProblem

#: Commands of the tests, written to a module that both processes import.
COMMANDS_SOURCE = textwrap.dedent(
    """
    import os, time
    from kpi.i18n import language
    from kpi.store.problems import StoreProblem

    def version(store, arguments, emit):
        emit.err("looking\\n")
        emit.out(f"{os.getpid()} {store.data_version} {language()}\\n")
        return arguments.get("code", 0)

    def bump(store, arguments, emit):
        with store.write():
            time.sleep(arguments.get("seconds", 0))
        emit.out(f"{store.data_version}\\n")
        return 0

    def refuse(store, arguments, emit):
        raise StoreProblem("That cannot be done.")

    def crash(store, arguments, emit):
        raise RuntimeError("secret detail")

    def slow(store, arguments, emit):
        for _ in range(600):
            emit.err(".")
            if emit.cancelled:
                open(arguments["mark"], "w").close()
                return 2
            time.sleep(0.05)
        return 0

    COMMANDS = {f.__name__: f for f in (version, bump, refuse, crash, slow)}
    """
)
OWNER = textwrap.dedent(
    """
    import sys, signal
    from kpi.settings import load_settings
    from kpi.store import open_store
    from kpi.store.listener import Listener
    from spoken_commands import COMMANDS

    with open_store(load_settings(sys.argv[1])) as store, Listener(store, COMMANDS):
        print("ready", flush=True)
        sys.stdin.read()
    """
)
CALLER = textwrap.dedent(
    """
    import json, sys
    from kpi.settings import load_settings
    from kpi.store.endpoint import run
    from spoken_commands import COMMANDS

    sys.exit(run(load_settings(sys.argv[1]), COMMANDS, sys.argv[2], json.loads(sys.argv[3]),
                 sys.stdout.write, sys.stderr.write))
    """
)


@pytest.fixture
def spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Any]:
    """The commands, importable here and in the processes of this test."""
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "spoken_commands.py").write_text(COMMANDS_SOURCE)
    root = Path(module.__file__).resolve().parents[2]
    monkeypatch.setenv("PYTHONPATH", f"{folder}{os.pathsep}{root}")
    monkeypatch.syspath_prepend(str(folder))
    sys.modules.pop("spoken_commands", None)
    import spoken_commands

    return spoken_commands.COMMANDS


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(f"duckdb:///{tmp_path / 'store' / 'k.duckdb'}")


@pytest.fixture
def owner(settings: Settings, spoken: Mapping[str, Any]) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the store and listens, as the running application does."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, settings.database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "ready\n"
    yield process
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


class Said:
    """What a command wrote."""

    def __init__(self) -> None:
        self.out = ""
        self.err = ""

    def call(self, settings: Settings, commands: Any, name: str, **arguments: Any) -> int:
        def out(text: str) -> None:
            self.out += text

        def err(text: str) -> None:
            self.err += text

        return run(settings, commands, name, arguments, out, err)


def test_a_command_runs_in_the_process_that_owns_the_store(
    settings: Settings, spoken: Any, owner: subprocess.Popen[str]
) -> None:
    said = Said()
    with use("nl"):
        assert said.call(settings, spoken, "version", code=1) == 1
    pid, _, language = said.out.split()
    assert int(pid) == owner.pid != os.getpid()
    assert language == "nl"
    assert said.err == "looking\n"


def test_without_an_owner_the_store_is_opened_here(settings: Settings, spoken: Any) -> None:
    said = Said()
    assert said.call(settings, spoken, "version") == 0
    assert int(said.out.split()[0]) == os.getpid()
    assert reach(settings) is None


def test_only_the_owners_user_can_reach_it(
    settings: Settings, owner: subprocess.Popen[str]
) -> None:
    assert settings.database_path is not None
    address = Address.of(settings.database_path)
    mode = address.socket.stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


def test_what_a_killed_owner_left_behind_is_no_obstacle(
    settings: Settings, spoken: Any, owner: subprocess.Popen[str]
) -> None:
    assert settings.database_path is not None
    owner.send_signal(signal.SIGKILL)
    owner.wait(10)
    assert Address.of(settings.database_path).socket.exists()
    said = Said()
    assert said.call(settings, spoken, "bump") == 0
    assert said.err == ""
    with open_store(settings) as store, Listener(store, spoken):
        assert said.call(settings, spoken, "version") == 0


def test_an_owner_killed_in_the_middle_gets_a_sentence(
    settings: Settings, spoken: Any, owner: subprocess.Popen[str], tmp_path: Path
) -> None:
    said = Said()
    killer = threading.Timer(0.5, owner.send_signal, [signal.SIGKILL])
    killer.start()
    assert said.call(settings, spoken, "slow", mark=str(tmp_path / "mark")) == 2
    assert "Run the command again" in said.err


def test_a_refusal_is_a_sentence_and_a_mistake_of_ours_shows_no_detail(
    settings: Settings, spoken: Any, owner: subprocess.Popen[str]
) -> None:
    said = Said()
    assert said.call(settings, spoken, "refuse") == 2
    assert said.err == "That cannot be done.\n"
    said = Said()
    assert said.call(settings, spoken, "crash") == 2
    assert "secret" not in said.err
    assert said.err.count("\n") == 1
    said = Said()
    assert said.call(settings, spoken, "unheard of") == 2
    assert "unheard of" in said.err
    # and the owner still answers
    assert Said().call(settings, spoken, "version") == 0


def test_many_commands_at_once_without_an_owner_all_succeed(
    settings: Settings, spoken: Any
) -> None:
    with open_store(settings) as store:
        before = store.data_version
    callers = [
        subprocess.Popen(
            [sys.executable, "-c", CALLER, settings.database_url, "bump", json.dumps({})],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    answers = [caller.communicate(timeout=120) for caller in callers]
    assert [caller.returncode for caller in callers] == [0, 0, 0, 0], answers
    assert sorted(int(out) for out, _ in answers) == [before + n for n in (1, 2, 3, 4)]


def test_commands_at_once_beside_the_owner_all_succeed(
    settings: Settings, spoken: Any, owner: subprocess.Popen[str]
) -> None:
    codes: list[int] = []
    said = [Said() for _ in range(6)]

    def call(one: Said) -> None:
        codes.append(one.call(settings, spoken, "bump", seconds=0.05))

    threads = [threading.Thread(target=call, args=(one,)) for one in said]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert codes == [0] * 6
    assert len({one.out for one in said}) == 6


def test_a_caller_that_goes_away_stops_its_command(
    settings: Settings, owner: subprocess.Popen[str], tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    arguments = json.dumps({"mark": str(mark)})
    caller = subprocess.Popen(
        [sys.executable, "-c", CALLER, settings.database_url, "slow", arguments],
        stderr=subprocess.PIPE,
    )
    assert caller.stderr is not None
    assert caller.stderr.read(1) == b"."
    caller.kill()
    caller.wait(10)
    caller.stderr.close()
    deadline = time.monotonic() + 10
    while not mark.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert mark.exists()


def test_a_store_in_a_deep_folder_is_reached_all_the_same(
    tmp_path: Path, spoken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Short, as a real one is: the folder of a test that runs beside others is not.
    runtime = tempfile.mkdtemp(prefix="k")
    monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
    deep = tmp_path / ("d" * 60) / ("e" * 60) / "k.duckdb"
    settings = load_settings(f"duckdb:///{deep}")
    with open_store(settings) as store, Listener(store, spoken):
        said = Said()
        assert said.call(settings, spoken, "version") == 0
        assert said.out
        assert [path.suffix for path in Path(runtime).rglob("*.sock")] == [".sock"]
    shutil.rmtree(runtime)


def test_without_unix_sockets_a_token_opens_a_loopback_port(
    settings: Settings, spoken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "unix_sockets", lambda: False)
    monkeypatch.setattr("kpi.store.listener.unix_sockets", lambda: False)
    assert settings.database_path is not None
    token_file = Address.of(settings.database_path).token_file
    with open_store(settings) as store, Listener(store, spoken):
        assert stat.S_IMODE(token_file.stat().st_mode) == 0o600
        said = Said()
        assert said.call(settings, spoken, "version") == 0
        port, _ = token_file.read_text().split()
        token_file.write_text(f"{port} guessed")
        assert reach(settings) is None
    assert not token_file.exists()


def test_a_problem_of_the_store_ends_in_its_sentence(settings: Settings) -> None:
    def refuse(store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
        raise StoreProblem("Not now.")

    said = Said()
    assert said.call(settings, {"refuse": refuse}, "refuse") == 2
    assert said.err == "Not now.\n"
