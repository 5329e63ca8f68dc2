"""Other systems send files: only with a token in force, never more than may be, never in memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from kpi.commands.token import token as command
from kpi.numbers.feeds import late_feeds
from kpi.settings import load_settings
from kpi.store import Store, StoreProblem, open_store
from kpi.store.endpoint import Here
from kpi.store.import_tokens import add_token, remove_token, sender, tokens
from kpi.tables import table
from kpi.web import imports, running
from kpi.web.guard import Guard
from kpi.web.routes import routes
from tests.unattended.test_inbox import PROFILE

CSV = "nummer;tijd;tekst\n{number};2026-03-02 10:00;hallo\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("imports") / "store.duckdb"
    with open_store(load_settings(f"duckdb:///{path}")) as opened:
        row = {"profile": "posts", "valid_from": date(2020, 1, 1), "toml": PROFILE,
               "file_pattern": "posts_*.csv"}  # fmt: skip
        opened.configure("feed_profiles", [row], "test")
        running.attach(opened)
        yield opened
        running.attach(None)


@pytest.fixture(scope="module")
def client(store: Store) -> TestClient:
    """Behind the guard, on this machine, as the application is."""
    app = Starlette(routes=routes(), middleware=[Middleware(Guard)])
    return TestClient(app, base_url="http://localhost:8501", client=("127.0.0.1", 50_000))


@pytest.fixture(scope="module")
def given(store: Store) -> str:
    return add_token(store, "telephony", "test")


@pytest.fixture(autouse=True)
def counters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "_sent", imports.Often(imports.MOST))
    monkeypatch.setattr(imports, "_wrong", imports.Often(imports.WRONG))


def bearing(text: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}", "accept-language": "en", **more}


def test_a_token_is_kept_as_a_hash_only(store: Store, given: str) -> None:
    rows = store.rows(sa.select(table("import_tokens")))
    assert given not in json.dumps(rows, default=str)
    assert hashlib.sha256(given.encode()).hexdigest() in {row["hash"] for row in rows}
    assert sender(store, given) == "telephony"
    assert sender(store, given[:-1]) is None
    with pytest.raises(StoreProblem, match="There is a token telephony already"):
        add_token(store, "telephony", "test")


def test_a_file_is_loaded_and_answered_as_load_does(client: TestClient, given: str) -> None:
    body = CSV.format(number="h1")
    answer = client.post("/import?file=posts_1.csv", content=body, headers=bearing(given))
    assert answer.status_code == 201
    said = answer.json()
    assert (said["file"], said["rows"], said["accepted"]) == ("posts_1.csv", 1, 1)
    assert answer.headers["cache-control"] == "no-store"
    # Sent again, as systems do after a time-out.
    answer = client.post("/import?file=posts_1.csv", content=body, headers=bearing(given))
    assert answer.status_code == 200
    assert answer.json()["already_loaded"] == said["import"]
    # As a form, under the name of the part; a row with a day that is none is set aside.
    bad = body.replace("h1", "h2") + "h3;2026-02-31 10:00;hallo\n"
    answer = client.post(
        "/import", files={"file": ("posts_2.csv", bad, "text/csv")}, headers=bearing(given)
    )
    assert answer.status_code == 207
    assert (answer.json()["accepted"], answer.json()["quarantined"]) == (1, 1)
    # And so it is when it comes again: those rows still are not in.
    answer = client.post(
        "/import", files={"file": ("posts_2.csv", bad, "text/csv")}, headers=bearing(given)
    )
    assert (answer.status_code, answer.json()["import"]) == (207, None)
    assert answer.json()["problems"][0]["value"] == "2026-02-31 10:00"
    assert running.store().imports()[0]["who"] == "telephony (http)"


def test_what_cannot_be_loaded_is_told_and_seen(
    client: TestClient, store: Store, given: str
) -> None:
    answer = client.post(
        "/import?file=x.csv&profile=post", content=CSV.format(number="1"), headers=bearing(given)
    )
    assert answer.status_code == 422
    assert answer.json()["reason"] == "There is no saved profile post. Did you mean posts?"
    assert "post" in {late.feed for late in late_feeds(store)}


def test_nobody_sends_without_a_token_in_force(
    client: TestClient, store: Store, given: str
) -> None:
    body, before = CSV.format(number="x"), len(store.imports())
    for headers in (
        {},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {given}"},
        {"Cookie": f"token={given}"},
        bearing("kz_wrong"),
    ):
        answer = client.post("/import?file=posts_9.csv", content=body, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    # The token is no way around the guard's other doors.
    foreign = bearing(given, Origin="http://evil.nl")
    assert client.post("/import?file=a.csv", content=body, headers=foreign).status_code == 403
    other = bearing(given, Host="evil.nl")
    assert client.post("/import?file=a.csv", content=body, headers=other).status_code == 403
    # Ours is the answer, not that of the page that stands behind our addresses.
    refused = client.get("/import", headers=bearing(given) | {"accept-language": "nl"})
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert refused.json() == {"reason": "Stuur het bestand met POST."}
    gone = add_token(store, "gone", "test")
    remove_token(store, "gone", "test")
    assert [one.name for one in tokens(store)] == ["telephony"]
    answer = client.post("/import?file=posts_9.csv", content=body, headers=bearing(gone))
    assert answer.status_code == 401
    assert len(store.imports()) == before


def test_wrong_tokens_and_many_files_are_slowed_down(client: TestClient, given: str) -> None:
    for _try in range(imports.WRONG):
        assert client.post("/import", headers=bearing("no")).status_code == 401
    assert client.post("/import", headers=bearing(given)).status_code == 429
    often = imports.Often(2, within=10)
    for moment in (0.0, 1.0):
        assert not often.full("a", moment)
        often.note("a", moment)
    assert often.full("a", 2.0)
    assert not often.full("b", 2.0)
    assert not often.full("a", 10.5)


def test_too_large_is_refused_before_and_while_it_comes(
    client: TestClient, store: Store, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "_too_large", lambda most: imports.Refusal(413, str(most)))
    object.__setattr__(store.settings.caps, "max_bytes", 10)

    def pieces() -> Iterator[bytes]:
        for _piece in range(50):
            yield b"12345"

    try:
        whole = client.post("/import?file=a.csv", content=b"x" * 11, headers=bearing(given))
        piecewise = client.post("/import?file=a.csv", content=pieces(), headers=bearing(given))
        form = client.post("/import", files={"file": ("a.csv", "x" * 11)}, headers=bearing(given))
    finally:
        object.__setattr__(store.settings.caps, "max_bytes", 2_000_000_000)
    assert {whole.status_code, piecewise.status_code, form.status_code} == {413}
    assert list(store.staging.glob("sent-*")) == []


def test_what_is_no_file_is_refused(client: TestClient, given: str) -> None:
    def status(address: str, content: bytes, **headers: str) -> int:
        return client.post(address, content=content, headers=bearing(given, **headers)).status_code

    assert status("/import?file=a.csv", b"") == 400
    assert status("/import", b"x") == 400
    assert status("/import?file=..", b"x") == 400
    assert status("/import?file=a.csv", b"x", **{"content-encoding": "gzip"}) == 415
    form = {"content-type": "multipart/form-data; boundary=b"}
    assert status("/import", b"--b\r\nnonsense", **form) == 400
    assert imports.safe_name("C:\\x\\../zaken 1.csv") == "zaken 1.csv"


def test_the_command_makes_lists_and_revokes(store: Store) -> None:
    said: list[str] = []
    told: list[str] = []
    here = Here(said.append, told.append)
    assert command(store, {"action": "add", "name": "survey tool"}, here) == 0
    made = said.pop().strip()
    assert sender(store, made) == "survey tool"
    assert command(store, {"action": "list", "as": "json"}, here) == 0
    assert "survey tool" in said[-1]
    assert made not in said[-1]
    assert command(store, {"action": "remove", "name": "survey tool"}, here) == 0
    assert sender(store, made) is None
    assert command(store, {"action": "add", "name": None}, here) == 2
