"""Reasons by channel: marks by shape and word, few without a colour, and what is said of them."""

from kpi import stats
from kpi.bulletin import sentences_steering as sentences
from kpi.bulletin.steering import Line, heat, places_of, ranked
from kpi.i18n import use
from kpi.model import Result

HOSTILE = "<img src=x onerror=alert(1)>"


def share(hits, n, **more):
    low, high = stats.wilson(hits, n)
    return Result(
        "channel_preferred", {}, 100 * hits / n, 100 * low, 100 * high, hits, n, n, **more
    )


def line(reason, hits, n, before=None, **more):
    counts = more.pop("counts", {"portal": hits, "phone": n - hits})
    return Line(
        reason, more.pop("value_class", ""), reason.capitalize(), more.pop("under", ""), counts,
        places_of({"preferred": "portal", "supporting": "chat", "discouraged": "phone, portal"}),
        share(hits, n), before, **more,
    )  # fmt: skip


def plain(text):
    return text.replace("\u00a0", " ")


def test_the_first_place_that_names_a_channel_counts():
    found = places_of(
        {"preferred": "portal, app", "supporting": "chat", "discouraged": "phone,app"}
    )
    assert found == {"portal": "preferred", "app": "preferred", "chat": "supporting", "phone": "discouraged"}  # fmt: skip
    assert places_of({"preferred": None, "discouraged": ""}) == {}


def test_most_contacts_elsewhere_come_first_and_too_few_last():
    found = ranked([line("a", 1, 9), line("b", 10, 100), line("c", 500, 510)])
    assert [one.reason for one in found] == ["b", "c", "a"]
    assert [one.elsewhere for one in found] == [90, 10, 8]


def test_cells_are_marked_by_shape_and_word_and_a_wish_nobody_follows_shows():
    with use("nl"):
        shown = heat([line("a", 30, 100)], ["phone", "chat", "portal"], {"phone": "Telefoon", "chat": "Chat", "portal": "Mijn"}, "")  # fmt: skip
    [row] = shown.rows
    phone, chat, portal = row[4:]
    assert (plain(phone.text), plain(phone.under), phone.mark) == (
        "70 %",
        "▽ ontmoedigd",
        "shade-4",
    )
    assert (plain(chat.text), plain(chat.under), chat.mark) == ("0 %", "○ ondersteunend", "")
    assert (plain(portal.text), plain(portal.under), portal.mark) == (
        "30 %",
        "● voorkeur",
        "shade-2",
    )


def test_too_few_have_no_share_and_no_shade():
    with use("nl"):
        [row] = heat([line("a", 2, 9)], ["phone"], {"phone": "Telefoon"}, "").rows
    assert row[2].text == "–"
    assert row[4].text == "7"
    assert "shade" not in row[4].mark


def test_names_from_files_stay_text():
    made = heat([line(HOSTILE, 20, 100)], ["phone"], {"phone": HOSTILE}, HOSTILE)
    assert HOSTILE not in made.html


def test_only_what_surely_moved_is_named():
    still = line("a", 50, 100, share(45, 100))
    moved = line("b", 80, 100, share(40, 100))
    with use("nl"):
        assert sentences.of_drift([still], "eerder") == [
            "Geen enkele reden verschoof meer dan toevallig sinds eerder."
        ]
        [said] = sentences.of_drift([still, moved], "eerder")
        assert plain(said) == "B: via een voorkeurskanaal 40 % → 80 % (n = 100), beter."
        assert sentences.of_drift([moved], "") == []


def test_the_largest_moves_are_told_and_the_others_counted():
    every = [line(f"r{n}", 70 + n, 100, share(20, 100)) for n in range(8)]
    with use("nl"):
        said = sentences.of_drift(every, "eerder")
        assert [plain(one)[:2] for one in said[:5]] == ["R7", "R6", "R5", "R4", "R3"]
        assert said[5:] == [
            "3 andere redenen verschoven minder, maar wel meer dan toevallig: zie de tabel hierboven."
        ]
        assert len(sentences.of_drift(every[:5], "eerder")) == 5
        assert sentences.of_drift(every[:6], "eerder")[5].startswith("1 andere reden verschoof")


def test_the_title_names_the_reason_with_most_elsewhere():
    with use("nl"):
        made = sentences.title(
            "Kanaalsturing", "", share(500, 1000), share(400, 1000), "eerder",
            [line("a", 1, 29), line("b", 10, 100)],
        )  # fmt: skip
    assert plain(made) == (
        "50 % van de contacten kwam via een voorkeurskanaal, 10 punten hoger dan in eerder; "
        "de meeste contacten via een ander kanaal: b (90)"
    )


def test_gaps_online_and_values():
    gap = Result("channel_gap", {}, 12.0, 4.0, 20.0, n=100)
    chance = Result("channel_gap", {}, 5.0, -3.0, 12.0, n=100)
    with use("nl"):
        said = sentences.of_gaps({"Storingen": gap, "Klachten": chance}, 30)
        assert "Storingen: 12 punten" in said
        assert "In 1 proces is het verschil meer dan toeval" in said
        assert "geen enkel proces" in sentences.of_gaps({"Klachten": chance}, 30)
        assert "langere periode" in sentences.of_gaps({}, 30)
        online = share(600, 1000, extras={"call_to_online": 2 / 3, "from_totals": 250.0})
        said = plain(sentences.of_online(online))
        assert "67 telefoontjes per 100 keer online" in said
        assert "25 % daarvan is alleen bekend als totaal per periode" in said
        assert "Te weinig" in sentences.of_online(share(3, 9))
        assert "60 %" in plain(sentences.of_values(share(60, 100), share(30, 100), []))
        assert sentences.of_values(None, None, []) == ""
