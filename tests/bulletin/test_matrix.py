"""Who causes what at whom: figures add up at both ends, and are shaded by size."""

from kpi.bulletin.matrix import ALL, SHADES, matrix
from kpi.bulletin.sources import Source
from kpi.i18n import use

COUNTS = {("a", "x"): 1200.0, ("a", "y"): 3.0, ("b", "y"): 600.0}


def made(**more):
    return matrix(
        "Caption", "corner", "Together", [("a", "Dept <b>A</b>"), ("b", "B")],
        [("x", "X"), ("y", "Y")], COUNTS, **more,
    )  # fmt: skip


def test_rows_columns_and_all_add_up():
    with use("nl"):
        found = made()
    assert [total.text for _title, _fields, total in found.rows] == ["1.203", "600"]
    assert [total.text for total in found.totals] == ["1.200", "603"]
    assert found.total.text == "1.803"


def test_shaded_by_size_and_nothing_is_a_dot():
    found = made()
    (_a, first, _t), (_b, second, _u) = found.rows
    assert [field.shade for field in first] == [SHADES, 1]
    assert [(field.text, field.shade) for field in second] == [("·", 0), ("600", 3)]


def test_names_stay_text():
    html = made(sources={("a", "x"): Source("causer", "kpi=causer", rows="rijen?x=1")}).html
    assert "Dept &lt;b&gt;A&lt;/b&gt;" in html
    assert 'href="rijen?x=1" data-go' in html


def test_a_total_leads_to_its_own_rows():
    html = made(sources={("a", ALL): Source("causer", "kpi=causer", rows="rijen?all=a")}).html
    assert 'total" data-asked="kpi=causer" data-what="value"><a href="rijen?all=a"' in html
