"""Text from files shows as it is, and does nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kpi import escape


def shown(markdown: str) -> str:
    """What a reader of CommonMark sees, all markup taken away."""
    tokens = MarkdownIt("commonmark").parseInline(markdown)[0].children or []
    assert {token.type for token in tokens} <= {"text", "text_special"}, markdown
    # The joiner that keeps an address from becoming a link cannot be seen.
    return "".join(token.content for token in tokens).replace("\u2060", "")


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://evil.nl/a.png)",
        "[klik](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "**vet** _schuin_ `code` ~~weg~~",
        ":red[rood] :material/home: $x^2$",
        "# kop",
        "- lijst",
        "1. lijst",
        "> citaat",
        "| a | b |",
        "&lt;b&gt; &amp;",
        "<http://evil.nl>",
        "50 % van 1.234,5",
        r"C:\map\bestand",
        "---",
        "a  ",
        "van 01-02-2026 tot 03-04-2026",
    ],
)
def test_markdown_shows_what_was_typed(text):
    assert shown(escape.markdown(text)) == text.strip()


def test_a_date_stays_on_one_line_and_a_number_of_a_case_does_not_change():
    assert escape.markdown("01-02-2026") == "01\\-\u206002\\-\u20602026"
    assert "\u2060" not in escape.markdown("Z-01-02-20267 en 12-345-6789")


@given(st.text(min_size=1, max_size=60))
def test_any_text_stays_text(text):
    assert shown(escape.markdown(text)).split() == escape.one_line(text).split()


@pytest.mark.parametrize(
    "text",
    [
        "http://evil.nl/a",
        "HTTPS://evil.nl",
        "zie www.evil.nl nu",
        "mail a@evil.nl",
        "x http://e.nl y",
    ],
)
def test_a_bare_address_is_no_link(text):
    # As GitHub's additions find them: in the text that is left when all escapes are read.
    tokens = MarkdownIt("commonmark").parseInline(escape.markdown(text))[0].children or []
    read = "".join(token.content for token in tokens)
    assert not re.search(r"https?://|www\.|[-.\w+]+@[-\w]+\.", read, re.IGNORECASE)


def test_colons_and_dollars_of_streamlit_are_escaped():
    assert r"\:red" in escape.markdown(":red[x]")
    assert r"\$" in escape.markdown("$x$")


def test_one_line():
    assert escape.one_line("a\nb\tc\u202etxt\x00") == "a b c txt"


@pytest.mark.parametrize(
    ("given_text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+31 6 1234", "'+31 6 1234"),
        ("-12,5", "-12,5"),
        ("+3", "+3"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("gewoon", "gewoon"),
        ("", ""),
        (None, ""),
    ],
)
def test_cell_is_not_run(given_text, written):
    assert escape.cell(given_text) == written


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Café-balie", "cafe-balie"),
        ("Cafe\u0301 één", "cafe-een"),
        ("Straße Ⅳ", "strasse-iv"),
        ("Onnodige contacten: apr–jun 2026", "onnodige-contacten-apr-jun-2026"),
        ("../../etc/passwd\r\nX: y", "etc-passwd-x-y"),
        ("日本", "file"),
        ("a" * 79 + " b", "a" * 79),
    ],
)
def test_a_download_has_a_plain_name(text, name):
    assert escape.file_name(text) == name


def test_a_terminal_is_not_steered():
    assert (
        escape.terminal("naam\x1b[2J.csv: gelezen\n\tja\u202e\x9b")
        == "naam [2J.csv: gelezen\n\tja "
    )
