"""Walls: what hangs in a work area shows totals under configured names, and costs next to nothing."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from kpi.web import running, walls
from kpi.web.views import wanted
from tests.measures.world import load
from tests.web.conftest import UNTIL, complaints, serving


class Words(HTMLParser):
    """The text a reader sees, and the tags it stands in."""

    def __init__(self, html):
        super().__init__()
        self.text, self.tags = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        if data.strip():
            self.text.append(" ".join(data.split()))


def words(html):
    return " | ".join(Words(html).text)


def test_top_complaints_in_order_with_change(client):
    text = words(client.get("/wall/complaints?lang=nl").text)
    assert text.index("Te late levering") < text.index("Fout op de factuur")
    # 26 against 40 in four weeks; 12 against 88 in four weeks.
    assert "26 | ▲ 16 | slechter" in text
    assert "12 | ▼ 10 | beter" in text
    assert "peildatum 31-03-2026" in text


def test_who_solves_it_until_when(client):
    text = words(client.get("/wall/complaints?lang=nl").text)
    assert "Logistiek lost het op, uiterlijk vr 10 juli" in text


def test_an_action_on_another_reason_of_the_same_cause_solves_nothing_here(own_client):
    store = running.store()
    cause = store.configuration.row("reasons", date(2026, 3, 31), reason="late_delivery")["cause"]
    other = {"valid_from": date(2026, 1, 1), "state": "running", "department": "customer_service"}
    rows = [
        {**other, "action": "A-0", "reason": "treatment", "cause": cause},
        {**other, "action": "A-00", "cause": cause},
    ]
    store.configure("actions", rows, "test")
    same = {
        row["reason"]
        for row in store.configuration.rows("reasons", date(2026, 3, 31))
        if row["cause"] == cause
    }
    said = [wanted.solving(store, one, cause, date(2026, 4, 1)) for one in sorted(same)]
    store.configure("actions", [{**rows[1], "state": "stopped"}], "test")
    left = [wanted.solving(store, one, cause, date(2026, 4, 1)) for one in sorted(same)]
    own = sorted(same).index("late_delivery")
    assert len(same) > 1
    # Its own action goes first; that on the cause serves the others; that on another reason none.
    assert said[own] == left[own]
    assert "10" in said[own]
    assert all(said)
    told = {one for one, text in zip(sorted(same), left, strict=True) if text}
    assert told == {"late_delivery", "treatment"} & same


def test_what_should_have_been_done_is_no_promise_and_old_numbers_say_so(client, monkeypatch):
    for day, said in (
        (datetime(2026, 7, 10, 12), "Logistiek lost het op, uiterlijk vr 10 juli"),
        (datetime(2026, 7, 10, 23), "Logistiek: had klaar moeten zijn op vr 10 juli"),
        (datetime(2027, 1, 4, 12), "Logistiek: had klaar moeten zijn op 10 juli 2026"),
    ):
        moment = day.replace(tzinfo=UTC).timestamp()
        monkeypatch.setattr(walls, "clock", lambda moment=moment: moment)
        html = client.get("/wall/complaints?lang=nl").text
        assert said in words(html)
        assert 'class="as-of old">gegevens t/m 31 maart 2026<' in html
    for view in ("scoreboard", "risers"):
        assert 'class="as-of old"' in client.get(f"/wall/{view}").text


def test_a_name_that_is_no_process_tells_nothing(own_client):
    cases = complaints("late_delivery", 30, "2026-03-28", start=100)
    named = [{**row, "process": "Jan de Vries"} for row in cases]
    load(running.store(), {"cases": named}, UNTIL)
    for view in ("complaints", "risers", "scoreboard"):
        known, unknown = (
            own_client.get(f"/wall/{view}/content?process={name}").text
            for name in ("Jan de Vries", "Xyz")
        )
        assert known.replace("Jan de Vries", "Xyz") == unknown
        assert not re.search(r'class="n"', known)


def test_nothing_personal_and_nothing_typed(client):
    for view in ("complaints", "scoreboard"):
        html = client.get(f"/wall/{view}?lang=nl").text
        for secret in ("Jansen", "<b>", "De Vries", "Pietersen", "Kees", "Typ iets", "K-1"):
            assert secret not in html
    text = words(client.get("/wall/complaints?lang=nl").text)
    assert "15 klachten hadden een reden die niet is ingericht." in text
    # They are no reason, so they take nobody's place: here nothing else has 15.
    assert "| 15 |" not in text


def test_fewer_than_ten_are_not_shown(client):
    html = client.get("/wall/complaints?lang=nl").text
    assert "Bejegening" not in html
    assert not re.search(r'class="n">[1-9]<', html)


def test_an_earlier_count_below_ten_cannot_be_subtracted(client):
    text = words(client.get("/wall/complaints?lang=nl").text)
    assert "11 | ▲ slechter" in text


def test_english(client):
    text = words(client.get("/wall/complaints?lang=en").text)
    assert "Top 5 complaints" in text
    assert "as of 31 Mar 2026" in text
    assert "Logistics solves it, by Fri 10 July at the latest" in text


def test_only_the_processes_of_the_screen(client):
    text = words(client.get("/wall/complaints?lang=en&process=fault").text)
    assert "Late delivery" not in text
    assert "ten or more" in text
    board = words(client.get("/wall/scoreboard?lang=en&process=fault").text)
    assert "Faults and outages" in board
    assert "Cancellations" not in board


def test_unchanged_content_is_not_sent_again(client):
    first = client.get("/wall/complaints/content?lang=nl")
    etag = first.headers["etag"]
    again = client.get("/wall/complaints/content?lang=nl", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    weak = client.get(
        "/wall/complaints/content?lang=nl", headers={"If-None-Match": f'"x", W/{etag}'}
    )
    assert weak.status_code == 304
    assert again.headers["x-wall-version"] == first.headers["x-wall-version"]
    other = client.get("/wall/complaints/content?lang=en", headers={"If-None-Match": etag})
    assert other.status_code == 200


def test_an_import_changes_what_is_sent(own_client):
    before = own_client.get("/wall/complaints/content?lang=nl")
    cases = complaints("late_delivery", 30, "2026-03-28", start=100)
    load(running.store(), {"cases": cases}, "2026-03-31 23:59")
    after = own_client.get(
        "/wall/complaints/content?lang=nl", headers={"If-None-Match": before.headers["etag"]}
    )
    assert after.status_code == 200
    assert "56" in words(after.text)


def test_page_carries_its_first_content_and_where_to_ask(client):
    answer = client.get("/wall/complaints?lang=nl&theme=light&process=complaint&refresh=5")
    tags = Words(answer.text).tags
    html = next(attrs for tag, attrs in tags if tag == "html")
    body = next(attrs for tag, attrs in tags if tag == "body")
    assert html == {"lang": "nl", "data-theme": "light"}
    assert body["data-seconds"] == "5"
    content = client.get(body["data-source"])
    assert content.status_code == 200
    assert content.headers["x-wall-version"] == body["data-version"], (
        "else it loads itself for ever"
    )
    assert content.headers["etag"] == body["data-etag"]
    assert answer.headers["cache-control"] == "no-store"
    inline = [attrs for tag, attrs in tags if tag in {"script", "style"} and "src" not in attrs]
    assert not inline, "its policy allows no inline script"


@pytest.mark.parametrize(
    ("query", "seconds", "theme", "language"),
    [
        ("", "30", "dark", "nl"),
        ("refresh=1", "2", "dark", "nl"),
        ("refresh=99999", "3600", "dark", "nl"),
        ("refresh=-5&theme=%3Cscript%3E&lang=%3Cb%3E", "30", "dark", "nl"),
        ("refresh=٣&lang=EN-us", "30", "dark", "en"),
    ],
)
def test_whatever_the_address_holds_something_is_shown(client, query, seconds, theme, language):
    answer = client.get(f"/wall/complaints?{query}")
    tags = Words(answer.text).tags
    assert answer.status_code == 200
    assert dict(tags)["body"]["data-seconds"] == seconds
    assert dict(tags)["html"] == {"lang": language, "data-theme": theme}


def test_unknown_view_is_a_sentence(client):
    answer = client.get("/wall/nothing?lang=en")
    assert answer.status_code == 404
    assert "complaints" in answer.text


@pytest.mark.parametrize("view", ["complaints", "scoreboard"])
@pytest.mark.parametrize(("language", "word"), [("nl", "Gegevens inlezen"), ("en", "Load data")])
def test_empty_store_says_why_and_what_to_do(empty_client, view, language, word):
    text = words(empty_client.get(f"/wall/{view}?lang={language}").text)
    assert word in text


def test_a_screen_switched_on_too_early_waits(client):
    store = running.store()
    running.attach(None, "De opslag wordt geopend.")
    try:
        answer = client.get("/wall/complaints?lang=nl")
        assert answer.status_code == 200
        assert "De opslag wordt geopend." in answer.text
        assert dict(Words(answer.text).tags)["body"]["data-etag"] == ""
        with pytest.raises(running.NotReady):
            client.get("/wall/complaints/content?lang=nl")
    finally:
        running.attach(store)


def test_scoreboard_has_every_process(client):
    html = client.get("/wall/scoreboard?lang=nl").text
    assert html.count('scope="row"') == 6


@pytest.mark.parametrize(
    ("name", "kind"), [("wall.css", "text/css"), ("wall.js", "text/javascript")]
)
def test_style_and_script_are_kept_by_the_browser(client, name, kind):
    answer = client.get(f"/wall/static/{name}")
    assert answer.headers["content-type"].startswith(kind)
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("name", ["render.py", "..%2Frender.py", "wall_page.jinja"])
def test_nothing_else_is_served(client, name):
    assert client.get(f"/wall/static/{name}").status_code == 404


def test_health_needs_no_store_and_readiness_does(client):
    store = running.store()
    assert client.get("/readyz").status_code == 200
    running.attach(None)
    try:
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
    finally:
        running.attach(store)


def test_what_began_just_now_is_not_called_worse(tmp_path):
    cases = complaints("late_delivery", 12, "2026-03-27")
    before = running.now()
    with serving({"cases": cases}, UNTIL, tmp_path) as own:
        text = words(own.get("/wall/complaints?lang=nl").text)
    running.attach(before)
    assert "nog geen eerdere om mee te vergelijken" in text
    assert "12" in text
    assert "slechter" not in text
