"""The application as it is started: who it lets in, what it holds, and how it says what is wrong."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import duckdb
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from kpi.settings import load_settings
from kpi.store import open_store
from kpi.store.endpoint import Address
from tests.browser.serving import ROOT, Server, served, url_of


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("app")
    with served(folder / "store.duckdb", folder / "log") as running:
        yield running


def get(server, path, **headers):
    """Status, headers and text."""
    request = urllib.request.Request(server.url + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.headers, answer.read().decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/", "/klantproces", "/wall/complaints"])
def test_addresses_answer_with_the_headers(server, path):
    status, headers, _text = get(server, path)
    assert status == 200
    assert "object-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_streamlits_inline_script_is_allowed_by_its_hash(server):
    _status, headers, text = get(server, "/")
    assert "<script>" in text
    assert "'unsafe-inline'" not in headers["content-security-policy"].split("style-src")[0]
    assert "'sha256-" in headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/healthz", "/wall/complaints", "/_stcore/health"])
def test_another_name_for_this_machine_is_refused(server, path):
    status, _headers, text = get(server, path, Host="evil.example", **{"Accept-Language": "nl"})
    assert status == 403
    assert "aanmelden" in text


def stream(server, origin):
    return connect(f"ws://127.0.0.1:{server.port}/_stcore/stream", origin=origin, open_timeout=20)


def test_a_websocket_from_another_page_is_refused(server):
    with pytest.raises(InvalidStatus) as refused, stream(server, "http://evil.example"):
        pass
    assert refused.value.response.status_code == 403


def test_our_own_websocket_is_let_in(server):
    with stream(server, server.url) as opened:
        assert opened.response.status_code == 101


def test_an_upload_from_another_page_is_refused(server):
    request = urllib.request.Request(
        f"{server.url}/_stcore/upload_file/a/b", data=b"x", method="PUT",
        headers={"Origin": "http://evil.example"},
    )  # fmt: skip
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)
    with refused.value as answer:
        assert answer.code == 403


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json"])
def test_side_doors_are_closed(server, path):
    assert get(server, path)[0] == 404


def test_it_listens_on_loopback_only(server):
    found = subprocess.run(
        [sys.executable, "-c", _OTHER_ADDRESS, str(server.port)], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert found.stdout.strip() in {"refused", "no other address"}


_OTHER_ADDRESS = """
import socket, sys
probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    probe.connect(("192.0.2.1", 9))
    own = probe.getsockname()[0]
except OSError:
    own = "127.0.0.1"
if own.startswith("127."):
    print("no other address")
else:
    try:
        socket.create_connection((own, int(sys.argv[1])), timeout=3).close()
        print("open")
    except OSError:
        print("refused")
"""


def test_commands_work_while_it_runs(server, tmp_path):
    file = tmp_path / "zaken.csv"
    file.write_text(
        "case_id;process;opened_at;closed_at;status\n"
        "Z-1;fault;2026-03-02 09:30;2026-03-02 15:00;closed\n",
        encoding="utf-8",
    )
    version = get(server, "/readyz")[2]
    done = subprocess.run(
        [sys.executable, "-m", "kpi", "load", str(file), "--json"],
        cwd=ROOT, env=server.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["accepted"] == 1
    assert get(server, "/readyz")[2] != version, "the running application knows of it at once"


def test_nobody_else_may_use_the_socket(server):
    mode = Address.of(server.store).socket.stat().st_mode
    assert mode & 0o777 == 0o600


def test_it_stops_in_good_order(tmp_path):
    server = Server(tmp_path / "store.duckdb", tmp_path / "log")
    server.start()
    process = server.process
    server.stop(signal.SIGTERM)
    assert process.returncode in {0, -signal.SIGTERM}
    assert not Address.of(server.store).socket.exists()
    assert "Traceback" not in server.log.read_text(encoding="utf-8")
    with open_store(load_settings(url_of(server.store)), wait=5):
        pass


def test_a_wrong_setting_is_a_sentence_and_exit_2(tmp_path):
    environment = {**os.environ, "KETENZICHT_TIME_ZONE": "Europa/Amsterdam"}
    environment["KETENZICHT_DATABASE_URL"] = url_of(tmp_path / "store.duckdb")
    done = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={_free()}"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Europa/Amsterdam" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_store_that_cannot_be_opened_is_said_on_every_page(tmp_path):
    path = tmp_path / "store.duckdb"
    open_store(load_settings(url_of(path))).close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE store SET value = '999' WHERE name = 'schema_version'")
    server = Server(path, tmp_path / "log")
    with pytest.raises(AssertionError, match="not ready"):
        _start(server)
    try:
        status, _headers, text = get(server, "/readyz")
        assert status == 503
        assert "999" in text or len(text.split()) > 5
        assert get(server, "/healthz")[0] == 200
        status, _headers, text = get(server, "/wall/complaints?lang=nl")
        assert status == 200
        assert "nog niet klaar" in text
        assert "Traceback" not in text
    finally:
        server.stop()


def _start(server):
    """Start a server that will not get ready, without waiting a minute for that."""
    from tests.browser import serving

    before, serving.STARTS_IN = serving.STARTS_IN, 8.0
    try:
        server.start()
    finally:
        serving.STARTS_IN = before


def _free():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
