"""Plain tables: aligned, reachable by keyboard, and inert whatever a cell holds."""

import pytest

from kpi.bulletin import Column, State, table
from kpi.bulletin.tables import Shown
from kpi.i18n import use
from tests.bulletin.results import HOSTILE
from tests.bulletin.test_scorecard import Page


def test_cells_and_heads_stay_text():
    shown = table(
        HOSTILE,
        [HOSTILE, Column(HOSTILE, help=HOSTILE)],
        [[HOSTILE, Shown(HOSTILE, under=HOSTILE)]],
    )
    page = Page(shown.html)
    assert not {"img", "script"} & {tag for tag, _attrs in page.tags}
    # Caption, two heads, two cells and what stands below one.
    assert page.text.count("onerror=alert(1)") == 6


def test_figures_are_aligned_and_states_are_said():
    page = Page(
        table("x", ["a", Column("n", figures=True)], [[Shown("12 %", State.BAD), "3"]]).html
    )
    assert len(page.with_class("figures")) == 2
    assert page.with_class("bad")
    assert "(off target)" in page.text


def test_a_table_that_scrolls_can_be_reached_by_keyboard():
    page = Page(table("Rows", ["a"], [[str(number)] for number in range(40)], tall=12).html)
    [(_tag, region)] = page.with_class("kz-table")
    assert region["tabindex"] == "0"
    assert (region["role"], region["aria-label"]) == ("region", "Rows")


def test_a_shifted_row_is_refused():
    with pytest.raises(ValueError, match="3 cells under 2"):
        table("x", ["a", "b"], [["1", "2", "3"]])


def test_only_a_long_table_scrolls_and_says_how_long_it_is():
    rows = [[str(number)] for number in range(31)]
    with use("nl"):
        scrolls = table("x", ["a"], rows, tall=5).html
        whole = table("x", ["a"], rows[:30], tall=5).html
    assert " tall" in scrolls
    assert "31 rijen" in scrolls
    assert " tall" not in whole
    assert "30 rijen" not in whole


def test_of_a_second_line_the_sign_is_left_in_a_narrow_table():
    page = Page(table("x", ["a"], [[Shown("26 %", under="● voorkeur", brief="●")]]).html)
    assert "● | voorkeur" in page.text


def test_a_date_is_never_broken_over_two_lines():
    """A browser may break after each hyphen of a Dutch date."""
    page = table("x", ["Loopt", "Naam"], [["07-07-2026 – 05-01-2027", "Mijn-omgeving"]]).html
    assert '<span class="whole">07-07-2026</span> – <span class="whole">05-01-2027</span>' in page
    assert ">Mijn-omgeving<" in page
    english = table("x", ["Runs"], [["7 Jul 2026 – 5 Sept 2026"]]).html
    assert '<span class="whole">5 Sept 2026</span>' in english
    assert "&lt;b&gt;" in table("x", ["a"], [["<b>01-02-2026"]]).html
