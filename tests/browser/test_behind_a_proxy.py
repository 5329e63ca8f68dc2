"""Screens elsewhere behind a real proxy: one of ours, and nginx as the guide sets it up where it is installed."""

import http.client
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date

import pytest
from playwright.sync_api import expect

from kpi.settings import load_settings
from kpi.store import open_store
from tests.browser.serving import ROOT, copied, free_port, served, settled, url_of

NAME = "ketenzicht.example.org"
HOWS = ("told", "silent", "nginx")


@pytest.fixture(scope="module")
def server(demo_store, tmp_path_factory):
    """With the setting on, and a screen named hal."""
    folder = tmp_path_factory.mktemp("proxy")
    store = copied(demo_store, folder)
    with open_store(load_settings(url_of(store))) as opened:
        row = {"screen": "hal", "valid_from": date(2025, 1, 1), "title_nl": "Hal", "language": "nl",
               "views": "scoreboard", "theme": "light"}  # fmt: skip
        opened.configure("screens", [row], "test")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KETENZICHT_PAIR_SCREENS", "yes")
        with served(store, folder / "log") as running:
            yield running


def of_the_guide(server, port, folder):
    """The block of docs/informing.md, without its certificate, as a configuration of its own."""
    guide = (ROOT / "docs" / "informing.md").read_text(encoding="utf-8")
    [block] = re.findall(r"```nginx\n(.*?)```", guide, re.DOTALL)
    block = re.sub(r"\n *ssl_certificate.*", "", block)
    # TLS ends here in the guide; here there is none, and everything behind it is the same.
    for said, ours in (("listen 443 ssl", f"listen 127.0.0.1:{port}"), ("8501", str(server.port)),
                       ("$scheme", "https")):  # fmt: skip
        assert said in block
        block = block.replace(said, ours)
    temporary = "".join(
        f"{name}_temp_path {folder}/{name}; "
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    told = folder / "nginx.conf"
    told.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/errors; worker_processes 1;"
        f" events {{}} http {{ access_log off; {temporary} {block} }}",
        encoding="utf-8",
    )
    return ["nginx", "-c", str(told), "-p", str(folder)]


@contextmanager
def proxy(how, server, folder):
    """Its port."""
    port = free_port()
    command = [sys.executable, "-m", "tests.browser.forward", str(port), str(server.port), how]
    if how == "nginx":
        if not shutil.which("nginx"):
            pytest.skip("nginx is not installed here")
        command = of_the_guide(server, port, folder)
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 30
        while True:
            try:
                ask(port, "/")
                break
            except OSError:
                assert time.monotonic() < until
                assert process.poll() is None
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def ask(port, path, cookie="", **headers):
    """Status, headers and text of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        named = {"Host": NAME, **({"Cookie": cookie} if cookie else {}), **headers}
        connection.request("GET", path, headers=named)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def code_of(text):
    return re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", text)


@pytest.mark.parametrize("how", HOWS)
def test_who_comes_by_a_proxy_gets_no_further_than_a_code(server, tmp_path, how):
    spoofs = ({}, {"X-Forwarded-For": "127.0.0.1"}, {"Host": "localhost"}, {"Host": "127.0.0.1"})
    with proxy(how, server, tmp_path) as port:
        for headers in spoofs:
            for path in ("/", "/klantproces", "/agenda?process=fault", "/download/set-aside/1"):
                status, _told, text = ask(port, path, **headers)
                assert status in {403, 404}, (path, headers)
                assert "Storingen" not in text
            for path in ("/wall", "/wall/scoreboard", "/wall/screen/hal", "/wall/mine/content"):
                status, told, text = ask(port, path, **headers)
                # What a page asks for later takes no code where its cookie is not kept.
                coded = not path.endswith("/content")
                assert (status, bool(code_of(text))) == (200, coded), (path, headers)
                assert "Storingen" not in text
                if path == "/wall":
                    cookie = told["Set-Cookie"]
                    assert "HttpOnly" in cookie
                    # Behind https it says so; without a word of it a cookie for https only would be lost.
                    assert ("Secure" in cookie) == (how != "silent")


def test_let_in_shown_and_shut_out_again(server, page, tmp_path):
    with proxy("told", server, tmp_path) as port:
        _status, told, text = ask(port, "/wall")
        cookie = told["Set-Cookie"].split(";")[0]
        page.goto(f"{server.url}/informatieschermen?lang=nl")
        settled(page)
        page.get_by_label("Code op het scherm").fill(code_of(text).group())
        page.get_by_role("button", name="Laat dit scherm toe").click()
        expect(page.get_by_text(re.compile("Scherm 1, toegelaten"))).to_be_visible()
        _status, told, text = ask(port, "/wall/mine/content", cookie)
        assert "peildatum" in text
        etag = told["ETag"]
        assert ask(port, "/wall/mine/content", cookie, **{"If-None-Match": etag})[0] == 304
        # Who was not let in learns nothing by knowing what another screen was told.
        status, _told, text = ask(port, "/wall/mine/content", **{"If-None-Match": etag})
        assert status == 200
        assert "cookies" in text
        assert "peildatum" not in text
        page.get_by_role("button", name="Sluit het buiten").click()
        expect(page.get_by_text(re.compile("Scherm 1, toegelaten"))).to_have_count(0)
        for path in ("/wall", "/wall/mine/content", "/wall/scoreboard"):
            _status, _told, text = ask(port, path, cookie, **{"If-None-Match": etag})
            assert code_of(text)
            assert "peildatum" not in text
        assert ask(port, "/klantproces", cookie)[0] == 403
