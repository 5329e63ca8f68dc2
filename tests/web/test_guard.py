"""The guard: who may come in by which door, and what every answer carries."""

import asyncio

import pytest

from kpi.web.guard import Guard, loopback, this_machine

OWN = {"host": "localhost:8501"}


async def inner(scope, receive, send):
    """Something behind the guard: a page, or a websocket that is accepted."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    headers = [(b"content-type", b"text/plain"), (b"server", b"secret 1.0")]
    if scope["path"] == "/own-policy":
        headers.append((b"content-security-policy", b"default-src 'none'"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"inside"})


def ask(path="/", kind="http", method="GET", peer="127.0.0.1", headers=OWN, extra=()):
    """Status (or websocket message), headers and body of one request."""
    scope = {
        "type": kind,
        "path": path,
        "client": (peer, 50000) if peer is not None else None,
        "headers": [(k.encode(), v.encode("latin-1")) for k, v in (*headers.items(), *extra)],
    }
    if kind == "http":
        scope["method"] = method
    sent = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    asyncio.run(Guard(inner, ["'sha256-abc='"])(scope, receive, send))
    if kind == "websocket":
        return sent[0]["type"], {}, ""
    told = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(m.get("body", b"") for m in sent[1:]).decode()


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8501", "127.0.0.1:8501", "127.8.9.1", "[::1]:8501", "LOCALHOST"],
)
def test_this_machine_may_look(host):
    assert this_machine(host)
    status, _headers, body = ask(headers={"host": host})
    assert (status, body) == (200, "inside")


@pytest.mark.parametrize(
    "host",
    [
        "ketenzicht.example.nl",
        "127.0.0.1.evil.nl",
        "localhost.evil.nl",
        "evil.nl:8501",
        "0.0.0.0:8501",
        "192.168.1.4:8501",
        "",
        "localhost:8501/x",
        "localhost@evil.nl",
        "127.1",
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_another_name_is_refused(host, kind):
    # A stranger's name that resolves to 127.0.0.1 would be "same origin" for his page.
    assert not this_machine(host)
    status, _headers, body = ask(kind=kind, headers={"host": host})
    assert status in {403, "websocket.close"}
    assert "inside" not in body


@pytest.mark.parametrize("peer", ["192.168.1.4", "10.0.0.1", "2001:db8::1", "", "testclient", None])
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_another_machine_is_refused(peer, kind):
    status, _headers, _body = ask(kind=kind, peer=peer)
    assert status in {403, "websocket.close"}


@pytest.mark.parametrize(
    "peer", ["127.0.0.1", "127.5.5.5", "::1", "::ffff:127.0.0.1", "fe80::1%lo"]
)
def test_loopback(peer):
    assert loopback(peer) is (peer != "fe80::1%lo")


def test_refusal_is_a_sentence_in_the_visitors_language():
    for language, word in (("nl-NL,nl;q=0.9", "aanmelden"), ("en-GB", "sign-in")):
        status, headers, body = ask(peer="10.0.0.1", extra=[("accept-language", language)])
        assert status == 403
        assert word in body
        assert body.count("\n") == 1
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("origin", ["http://localhost:8501", None])
def test_own_websocket_is_accepted(origin):
    extra = [("origin", origin)] if origin else []
    assert ask(kind="websocket", extra=extra)[0] == "websocket.accept"


@pytest.mark.parametrize(
    "origin",
    ["http://evil.nl", "http://localhost:9999", "null", "http://localhost", "http://evil.nl:8501"],
)
def test_foreign_websocket_is_refused(origin):
    assert ask(kind="websocket", extra=[("origin", origin)])[0] == "websocket.close"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_change_must_come_from_our_own_page(method):
    path = "/_stcore/upload_file/1/2"
    own = [("origin", "http://localhost:8501"), ("sec-fetch-site", "same-origin")]
    assert ask(path, method=method, extra=own)[0] == 200
    assert ask(path, method=method, extra=[("origin", "http://evil.nl")])[0] == 403
    assert ask(path, method=method, extra=[("sec-fetch-site", "cross-site")])[0] == 403


def test_following_a_link_from_elsewhere_is_fine():
    extra = [("origin", "http://intranet.example.nl"), ("sec-fetch-site", "cross-site")]
    assert ask(extra=extra)[0] == 200


def test_two_hosts_are_not_believed():
    assert ask(extra=[("host", "evil.nl")])[0] == 403
    assert ask(headers={"host": "evil.nl"}, extra=[("host", "localhost:8501")])[0] == 403


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/metrics/x", "/_stcore/agent/mcp", "/_stcore/agent"]
)
def test_side_doors_are_closed(path):
    assert ask(path)[0] == 404


def test_every_answer_carries_the_headers():
    _status, headers, _body = ask()
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["script-src"] == "'self' blob: 'sha256-abc='"
    assert policy["img-src"] == "'self' data: blob:"
    assert policy["connect-src"] == "'self' ws://localhost:8501 wss://localhost:8501"
    assert policy["object-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "server" not in headers


def test_a_wall_may_run_its_own_file_and_nothing_else():
    _status, headers, _body = ask("/wall/complaints")
    assert "script-src 'self';" in headers["content-security-policy"]


def test_a_route_may_be_stricter():
    _status, headers, _body = ask("/own-policy")
    assert headers["content-security-policy"] == "default-src 'none'"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-forwarded-for", "127.0.0.1"), ("x-forwarded-proto", "https"), ("forwarded", "for=::1"),
        ("via", "1.1 proxy"), ("x-real-ip", "127.0.0.1"), ("x-forwarded-host", "localhost"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_what_a_proxy_passes_on_is_not_of_this_machine(name, value, kind):
    """Its peer is a loopback address, and it may ask by the name of this machine."""
    status, _headers, body = ask(kind=kind, headers={**OWN, name: value})
    assert status in {403, "websocket.close"}
    assert "inside" not in body
