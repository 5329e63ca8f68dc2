"""Scripts and styles that pages fetch: each at an address of its own, the library compressed."""

import gzip

import pytest
from plotly.offline import get_plotlyjs
from starlette.applications import Starlette
from starlette.testclient import TestClient

from kpi.web import library, offered
from kpi.web.routes import routes
from pages.shared import components

FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


def test_a_part_is_what_was_offered_and_its_address_changes_with_it(client):
    script, style = offered.offer("let a = 1;", "js"), offered.offer("b { color: red }", "css")
    assert offered.offer("let a = 1;", "js") == script
    assert offered.offer("let a = 2;", "js") != script
    for address, text, kind in (
        (script, "let a = 1;", "text/javascript"),
        (style, "b { color: red }", "text/css"),
    ):
        answer = client.get(address)
        assert answer.text == text
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["cache-control"] == FOREVER


@pytest.mark.parametrize("name", ["nothing.js", "0123456789abcdef.js", "..%2Fapp.py", "x.py"])
def test_of_another_version_there_is_nothing_and_nobody_keeps_that(client, name):
    answer = client.get(f"/parts/{name}")
    assert answer.status_code == 404
    assert answer.headers.get("cache-control", "no-store") == "no-store"


def test_the_library_is_that_of_the_package(client):
    assert library.ADDRESS.endswith(".js")
    plain = client.get(library.ADDRESS, headers={"accept-encoding": "identity"})
    assert plain.text == get_plotlyjs()
    assert "content-encoding" not in plain.headers
    with client.stream("GET", library.ADDRESS, headers={"accept-encoding": "gzip"}) as answer:
        sent = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["cache-control"] == FOREVER
    assert gzip.decompress(sent).decode() == get_plotlyjs()
    assert len(sent) < 2_000_000


def test_a_component_says_where_its_parts_are_and_carries_none(client):
    loader = components.loader_of("drawn", "b {}")
    assert len(loader) < 2_000
    assert "SCRIPT" not in loader
    assert "STYLE" not in loader
    for word in loader.split('"'):
        if word.startswith("/parts/"):
            assert client.get(word).status_code == 200
