"""The scorecard says what is so: state, change, interval and n, and lets no text out of its place."""

from html.parser import HTMLParser

import pytest

from kpi.bulletin import State, judge, scorecard
from kpi.bulletin.cards import numbers_table, tiles
from kpi.bulletin.moved import html as moved_html
from kpi.bulletin.moved import moved
from kpi.bulletin.scorecard import Process
from kpi.i18n import use
from kpi.model import Better, Unit
from tests.bulletin.results import (
    COURSE,
    FAULT,
    HOSTILE,
    PERCENT,
    TARGET,
    TOO_FEW,
    kpi,
    result,
)

AT = ("within_norm", "fault")


class Page(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self.depth = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.depth.append(tag)

    def handle_endtag(self, tag):
        assert self.depth.pop() == tag

    def handle_data(self, data):
        if data.strip():
            self.words.append(" ".join(data.split()))

    @property
    def text(self):
        return " | ".join(self.words)

    def with_class(self, name):
        return [tag for tag in self.tags if name in (tag[1].get("class") or "").split()]


def card(now, before=None, target=TARGET, process=FAULT, **more):
    at = ("within_norm", process.id)
    return scorecard(
        [PERCENT],
        [process],
        {at: now} if now else {},
        before={at: before} if before else {},
        courses={at: COURSE},
        targets={at: target} if target else {},
        before_period="jan–mrt 2026",
        href=lambda one: f"klantproces?process={one}",
        **more,
    )


@pytest.mark.parametrize(
    ("value", "low", "high", "n", "better", "target", "state"),
    [
        (92, 90.5, 93.5, 1000, Better.UP, 90, State.GOOD),
        (90, 85, 95, 100, Better.UP, 90, State.GOOD),
        (88, 85, 91, 300, Better.UP, 90, State.ATTENTION),
        (78, 75, 81, 1000, Better.UP, 90, State.BAD),
        (50, 30, 70, 20, Better.UP, 90, State.ATTENTION),
        (1.5, 1.2, 1.8, 100, Better.DOWN, 2, State.GOOD),
        (2.5, 2.2, 2.8, 100, Better.DOWN, 2, State.BAD),
        (2.1, 1.9, 2.3, 100, Better.DOWN, 2, State.ATTENTION),
        (0, 0, 30, 9, Better.UP, 90, State.TOO_FEW),
        (88, 85, 91, 300, Better.UP, None, State.NO_TARGET),
        (88, 85, 91, 300, Better.CONTEXT, 90, State.NO_TARGET),
        (None, None, None, 50, Better.UP, 90, State.NOTHING),
        (None, None, None, 0, Better.UP, 90, State.NOTHING),
    ],
)
def test_state(value, low, high, n, better, target, state):
    assert judge(result(value, low, high, n=n), target, better) is state


def test_no_result_is_no_data():
    assert judge(None, 90, Better.UP) is State.NOTHING


def test_states_differ_by_shape_and_word_and_not_by_colour_alone():
    judged = [State.GOOD, State.ATTENTION, State.BAD, State.NO_TARGET, State.TOO_FEW]
    assert len({state.shape for state in judged}) == len(judged)
    for language in ("nl", "en"):
        with use(language):
            assert len({state.word for state in State}) == len(State)


def test_value_change_target_interval_and_n_are_there():
    with use("nl"):
        html = card(result(78, 75.4, 80.5), result(90, 88, 92, n=900)).html
    page = Page(html)
    text = page.text.replace("\u00a0", " ")
    assert "■ | 78 %" in text
    assert "▼ 12 punten slechter" in text
    assert "buiten norm" in text
    assert "95%-interval | 75–81 %" in text
    assert "n | 1.000" in text
    assert "doel | 90 % (voorbeeld)" in text
    assert "jan–mrt 2026 | 90 % (n = 900)" in text
    assert page.depth == []


def test_what_stayed_the_same_is_told_to_be_so():
    with use("nl"):
        assert "= gelijk" not in Page(card(result(78, 75, 80), result(90, 88, 92)).html).text
        [change] = Page(card(result(78, 75, 80), result(78, 75, 80)).html).with_class("change")
        assert "gelijk" in Page(card(result(78, 75, 80), result(78, 75, 80)).html).text
    assert change[1]["aria-hidden"] == "true"


def test_a_title_prefers_what_is_off_target_among_what_got_worse():
    """Without a target nobody says how it should be, however sure the change."""
    at = {name: (name, "fault") for name in ("promised", "asked")}
    now = {
        at["promised"]: result(40, 39, 41, name="promised"),
        at["asked"]: result(78, 75, 81, name="asked"),
    }
    before = {
        at["promised"]: result(90, 89, 91, name="promised"),
        at["asked"]: result(90, 88, 92, name="asked"),
    }
    kpis = [kpi(name="promised"), kpi(name="asked")]
    [row] = scorecard(kpis, [FAULT], now, before=before, targets={at["asked"]: TARGET}).rows
    assert row.telling == "asked"
    [row] = scorecard(kpis, [FAULT], now, before=before).rows
    assert row.telling == "promised"


def test_readable_by_ear():
    with use("nl"):
        page = Page(card(result(78, 75, 80), result(90, 88, 92)).html)
    assert [attrs["scope"] for tag, attrs in page.tags if tag == "th"] == ["col", "col", "row"]
    assert any(tag == "caption" for tag, _attrs in page.tags)
    described = {a["aria-describedby"] for _t, a in page.tags if "aria-describedby" in a}
    assert described <= {attrs.get("id") for _tag, attrs in page.tags}
    pictures = [attrs for tag, attrs in page.tags if tag == "svg"]
    assert all(attrs["aria-hidden"] == "true" for attrs in pictures)
    assert ", buiten norm, ▼ 12 punten, slechter" in page.text


def test_hostile_names_stay_text():
    hostile = Process(HOSTILE, HOSTILE, known=False)
    shown = card(result(78, 75, 80, process=HOSTILE), result(90, 88, 92), process=hostile)
    with use("nl"):
        for html in (
            shown.html,
            tiles(shown, shown.rows[0]),
            numbers_table(shown).html,
            moved_html(moved(shown, lambda *_: HOSTILE), HOSTILE),
        ):
            page = Page(html)
            assert not {"img", "script"} & {tag for tag, _attrs in page.tags}
            assert not [a for _tag, attrs in page.tags for a in attrs if a.startswith("on")]
        assert "onerror=alert(1)" in Page(shown.html).text, "it is shown, as it was typed"


def test_too_few_is_said_and_not_judged():
    with use("nl"):
        page = Page(card(result(25, 3, 60, n=4, notes=(TOO_FEW,)), result(90, 88, 92)).html)
    assert page.with_class("too-few")
    assert "te weinig" in page.text
    assert "slechter" not in page.text


def test_missing_value_is_a_dash_with_the_reason():
    with use("nl"):
        page = Page(card(None).html)
    assert page.with_class("nothing")
    assert "– | –" in page.text
    assert "geen gegevens in deze periode" in page.text


def test_change_that_may_be_chance_has_no_colour():
    with use("nl"):
        sure = Page(card(result(78, 75, 80), result(90, 88, 92)).html)
        unsure = Page(card(result(78, 70, 86), result(82, 75, 89)).html)
    assert sure.with_class("worse")
    assert not unsure.with_class("worse")
    assert "slechter" in unsure.text, "the word stays"


def test_unknown_has_no_page_of_its_own():
    with use("nl"):
        page = Page(card(result(78, 75, 80, process=None), process=Process(None, "onbekend")).html)
    assert not [attrs for tag, attrs in page.tags if tag == "a"]


def many(*states):
    """A card with one process a state, in that order."""
    values = {
        State.GOOD: (95, 94, 96, 1000),
        State.BAD: (70, 68, 72, 1000),
        State.ATTENTION: (89, 86, 92, 300),
        State.TOO_FEW: (50, 10, 90, 4),
    }
    processes = [Process(f"p{i}", f"Proces {i}") for i in range(len(states))]
    now = {
        ("within_norm", one.id): result(*values[state][:3], n=values[state][3])
        for one, state in zip(processes, states, strict=True)
    }
    return scorecard(
        [PERCENT], processes, now, targets=dict.fromkeys(now, TARGET), href=lambda one: one
    )


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ([State.BAD, State.BAD, State.GOOD], "2 van 3 klantprocessen zitten buiten de norm"),
        (
            [State.BAD, State.ATTENTION, State.GOOD],
            "Proces 0 zit buiten de norm, 1 vraagt aandacht",
        ),
        ([State.ATTENTION, State.ATTENTION], "2 van 2 klantprocessen vragen aandacht"),
        (
            [State.GOOD, State.GOOD, State.TOO_FEW],
            "Alle 2 klantprocessen die te beoordelen zijn, zijn op norm",
        ),
        ([State.TOO_FEW], "Er is nog te weinig bekend om een klantproces te beoordelen"),
        ([], "Er is nog te weinig bekend om een klantproces te beoordelen"),
    ],
)
def test_sentence_of_fact(states, sentence):
    with use("nl"):
        assert many(*states).sentence == sentence


def test_what_changed_names_the_surest_worsening_first():
    processes = [Process(name, name.title()) for name in ("a", "b", "c", "d")]
    now = {
        ("within_norm", "a"): result(80, 79, 81, process="a"),
        ("within_norm", "b"): result(60, 59, 61, process="b"),
        ("within_norm", "c"): result(95, 94, 96, process="c"),
        ("within_norm", "d"): result(80, 70, 90, process="d"),
    }
    before = {
        ("within_norm", "a"): result(84, 83, 85),
        ("within_norm", "b"): result(90, 89, 91),
        ("within_norm", "c"): result(80, 79, 81),
        ("within_norm", "d"): result(89, 80, 98),
    }
    shown = scorecard([PERCENT], processes, now, before=before, href=lambda one: one)
    with use("en"):
        assert [(line.process, line.better) for line in moved(shown)] == [
            ("b", False), ("a", False), ("c", True),
        ]  # fmt: skip
        assert "Within norm for B: 90% → 60%" in moved_html(moved(shown), "What changed")


def test_quiet_when_nothing_is_up():
    assert moved(card(result(88, 85, 91), result(89, 86, 92))) == ()
    page = Page(moved_html(moved(card(result(88, 85, 91))), "What changed"))
    assert page.text == "What changed | Nothing moved more than chance would have it."
    assert not [tag for tag, _attrs in page.tags if tag == "a"]


def test_table_holds_what_the_card_shows_on_hover():
    with use("nl"):
        table = numbers_table(card(result(78, 75.4, 80.5), result(90, 88, 92)))
        text = Page(table.html).text.replace("\u00a0", " ")
    for said in ("Storingen", "78 %", "buiten norm", "▼ 12 punten, slechter", "75–81 %", "1.000"):
        assert said in text


def test_every_unit_fits_a_cell():
    for unit in Unit:
        one = kpi(unit=unit)
        shown = scorecard([one], [FAULT], {AT: result(12.34, 11, 13, unit=unit)})
        for language in ("nl", "en"):
            with use(language):
                assert "12" in Page(shown.html).text


def test_a_near_miss_does_not_look_like_a_hit():
    with use("nl"):
        page = Page(card(result(89.6, 86, 93), target=TARGET).html)
    assert page.with_class("attention")
    assert "89,6 %" in page.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("now", "before", "state", "certain"),
    [
        # A few cases more or fewer come and go by chance; a number below ten is what it is.
        (43, 36, State.NO_TARGET, False),
        (90, 36, State.NO_TARGET, True),
        (9, 12, State.NO_TARGET, False),
    ],
)
def test_a_number_of_things_is_judged_as_one(now, before, state, certain):
    backlog = kpi(name="backlog", unit=Unit.COUNT, better=Better.DOWN)
    at = ("backlog", "fault")
    results = [result(one, n=one, name="backlog", unit=Unit.COUNT) for one in (now, before)]
    [[cell]] = [
        row.cells
        for row in scorecard([backlog], [FAULT], {at: results[0]}, before={at: results[1]}).rows
    ]
    assert (cell.state, cell.certain) == (state, certain)
