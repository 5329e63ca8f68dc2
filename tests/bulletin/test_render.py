"""One renderer: one environment that escapes, one palette, and no script needed to read it."""

import re
from pathlib import Path

import pytest
from jinja2 import StrictUndefined, UndefinedError

from kpi.bulletin import mail, wall
from kpi.bulletin.render import TEMPLATES, environment, render, style
from kpi.bulletin.states import State
from kpi.bulletin.wall import (
    Board,
    BoardLine,
    Code,
    Figure,
    Frame,
    Line,
    Lines,
    Mood,
    Notice,
    Notices,
    Part,
    Section,
    Tile,
    Today,
    View,
)  # fmt: skip
from kpi.formats import Change

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = """<script>alert(1)</script>"><img src=x onerror=alert(2)> ![](http://evil.example)"""
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.iterdir()}
#: What is not escaped again: our own style sheets, and what this renderer made itself.
AS_THEY_ARE = {
    ("agenda.jinja", "css"), ("agenda_choice.jinja", "css"), ("digest_page.jinja", "css"), ("wall_page.jinja", "content"),
    ("wall_sections.jinja", "one.html"),
}  # fmt: skip


def test_there_is_one_environment_and_it_escapes_and_fails_on_a_wrong_name():
    made = [
        path.relative_to(ROOT).as_posix()
        for top in ("kpi", "pages")
        for path in (ROOT / top).rglob("*.py")
        if re.search(r"\bEnvironment\(", path.read_text(encoding="utf-8"))
    ]
    assert made == ["kpi/bulletin/render.py"]
    assert environment().autoescape is True
    assert environment().undefined is StrictUndefined
    with pytest.raises(UndefinedError):
        render("wall_code.jinja")


def test_only_our_own_markup_is_left_as_it_is():
    found = {
        (name, value)
        for name, text in TEXTS.items()
        for value in re.findall(r"\{\{\s*([\w.]+)\s*\|\s*safe\s*\}\}", text)
    }
    assert found == AS_THEY_ARE
    assert not [name for name, text in TEXTS.items() if "autoescape false" in text]


def test_no_script_is_needed_and_nothing_comes_from_elsewhere():
    for name, text in TEXTS.items():
        if name.endswith(".jinja"):
            scripts = re.findall(r"<script[^>]*>", text)
            assert scripts == ([] if name != "wall_page.jinja" else scripts[:1]), name
            assert not re.search(r"\son\w+\s*=", text), f"{name}: an attribute that runs"
        elsewhere = re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?https?://[^\"')]*", text)
        assert not elsewhere, name
    assert len(TEXTS["wall.js"].splitlines()) <= 200, "the wall's own script is small"


def change(text=HOSTILE):
    return Change("▲", text, text, None)


def line():
    return Line(1, HOSTILE, HOSTILE, 0.5, change(), HOSTILE, HOSTILE, 0.4, HOSTILE, HOSTILE)


BODIES = [
    Lines((line(),), HOSTILE),
    Board((BoardLine(HOSTILE, (Tile(HOSTILE, HOSTILE, State.BAD, change(), HOSTILE),)),), (HOSTILE,)),
    Notices((Notice(HOSTILE, HOSTILE, HOSTILE, "now", HOSTILE, HOSTILE, 5.0),), HOSTILE),
    Today((Figure(HOSTILE, HOSTILE, HOSTILE, change(), State.GOOD),), (line(), line())),
    Mood(Figure(HOSTILE, HOSTILE, HOSTILE, change()), (Part(HOSTILE, "negative", 1.0, HOSTILE),), (line(),)),
    Code(HOSTILE, HOSTILE),
    None,
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.kind if body else "empty")
def test_no_text_becomes_markup_on_a_wall(body):
    view = View("any", HOSTILE, HOSTILE, HOSTILE, body, HOSTILE, HOSTILE)
    frame = Frame("/x", 30, "UTC", "dark", "nl", "s", "v", "e", 0.0)
    html = wall.page([Section("any", 20, view.html)], frame, HOSTILE)
    assert "<img" not in html
    assert "<script>alert" not in html
    assert html.count("<script") == 1
    assert "&lt;script&gt;" in html


def test_a_bar_marks_what_is_usual_and_parts_make_a_whole():
    parts = environment().get_template("parts.jinja").module
    bar = parts.bar(0.5, 1.0)
    assert 'class="part" width="50.0"' in bar
    assert 'class="usual" x="99.4"' in bar, "a mark at the very end is seen"
    assert "usual" not in parts.bar(0.5)
    whole = parts.split([Part("a", "negative", 0.25, ""), Part("b", "positive", 0.75, "")])
    assert 'x="25.00" width="75.00"' in whole
    worse = parts.change(Change("▲", "3", "slechter", good=False))
    assert "worse" in worse
    assert "▲ 3" in worse
    assert 'class="change "' in parts.change(Change("=", "", "gelijk", None))


def colours(text):
    return {
        name: value.upper() for name, value in re.findall(r"--([a-z]+):\s*(#[0-9A-Fa-f]{6})", text)
    }


def themes(name):
    """The colours of a style sheet in the light and in the dark."""
    blocks = re.findall(r"\{([^{}]*--ground[^{}]*)\}", style(name))
    found = [colours(block) for block in blocks]
    light = next(one for one in found if one["ground"] == "#FFFFFF")
    dark = next(one for one in found if one["ground"] != "#FFFFFF")
    return light, dark


def test_outlets_agree_on_their_colours():
    assert themes("wall.css") == themes("digest.css")
    light, _dark = themes("wall.css")
    told = {"ink": mail.INK, "quiet": mail.QUIET, "rule": mail.RULE, "good": mail.GOOD,
            "warn": mail.WARN, "bad": mail.BAD}  # fmt: skip
    assert told == {name: light[name] for name in told}


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_text_can_be_told_from_its_ground(theme):
    used = themes("wall.css")[theme]
    for name in ("ink", "quiet", "good", "warn", "bad"):
        assert contrast(used[name], used["ground"]) >= 4.5, name
