"""serve: says where, refuses what is unsafe, ends when asked to."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from kpi.commands import COMMANDS
from kpi.settings import load_settings
from kpi.store import open_store
from kpi.store.listener import Listener

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "example.org"])
def test_other_addresses_need_sign_in(ask, host):
    said = ask("serve", "--host", host)
    assert (said.code, said.out) == (2, "")
    assert "sign-in" in said.err


def test_a_port_in_use_gets_a_sentence(ask):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        said = ask("serve", "--port", port)
    assert said.code == 2
    assert str(port) in said.err
    assert "--port" in said.err


def test_a_store_is_served_once(ask):
    with open_store(load_settings()) as store, Listener(store, COMMANDS):
        said = ask("serve", "--port", "0")
    assert said.code == 2
    assert "served already" in said.err


@pytest.mark.parametrize("asked_to_stop", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_and_ends_when_asked(asked_to_stop, tmp_path):
    # From another folder, with the store named by a path relative to it.
    environment = {
        **os.environ,
        "KETENZICHT_DATABASE_URL": "duckdb:///own.duckdb",
        "KETENZICHT_LANGUAGE": "nl",
        "PYTHONPATH": str(ROOT),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "kpi", "serve", "--port", "0"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        line = server.stdout.readline()
        try:
            assert line.startswith("Ketenzicht draait op http://127.0.0.1:")
            address = line.split(" op ")[1].split()[0]
            with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
                assert answer.status == 200
            imports = subprocess.run(
                [sys.executable, "-m", "kpi", "imports", "--as", "json"],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                timeout=60,
                check=True,
            )
            assert imports.stdout == "[]\n"
        finally:
            server.send_signal(asked_to_stop)
            out, err = server.communicate(timeout=60)
    assert server.returncode == 0
    assert out == ""
    assert "Traceback" not in err
    assert (tmp_path / "own.duckdb").is_file()
    assert not (tmp_path / "own.duckdb.sock").exists()
