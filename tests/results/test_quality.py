"""Shares of what is filled in: parts make up the whole, and gaps are told by what they weaken."""

from hypothesis import given
from hypothesis import strategies as st

from kpi.results.quality import INDICATIVE, Part, asides, codings, coverages

PROCESSES = ("fault", "request", None)


@st.composite
def counted(draw):
    rows = []
    for month in draw(st.lists(st.sampled_from(["2026-01", "2026-02", "2026-03"]), unique=True)):
        for process in draw(st.lists(st.sampled_from(PROCESSES), unique=True, min_size=1)):
            n = draw(st.integers(1, 100))
            rows.append(
                {
                    "month": month,
                    "process": process,
                    "n_reason": n,
                    "has_reason": draw(st.integers(0, n)),
                }
            )
    return rows


@given(counted())
def test_months_and_processes_each_make_up_the_whole(rows):
    found = coverages("contacts", ["reason"], rows, {"reason": ("avoidable",)}, {"reason": 3})
    if not rows:
        assert found == []
        return
    [one] = found
    assert one.whole == Part(sum(r["has_reason"] for r in rows), sum(r["n_reason"] for r in rows))
    assert sum(one.months.values(), Part()) == one.whole
    assert sum(one.processes.values(), Part()) == one.whole
    assert list(one.months) == sorted(one.months)
    assert (one.kpis, one.split) == (("avoidable",), 3)
    assert one.is_gap == (one.whole.filled / one.whole.n < 0.95)
    if one.worst is not None:
        process, part = one.worst
        assert process is not None
        assert part.n >= INDICATIVE
        others = [p for name, p in one.processes.items() if name is not None and p.n >= INDICATIVE]
        assert all(part.share <= other.share for other in others)


def test_how_departments_code():
    rows = [
        {"department": "logistics", "reason": "late", "n": 60},
        {"department": "logistics", "reason": " Overig ", "n": 20},
        {"department": "logistics", "reason": None, "n": 20},
        {"department": None, "reason": "made up", "n": 5},
    ]
    first, second = codings(rows, {"late"}, {"overig"})
    assert (first.department, first.n, first.given, first.configured, first.other) == (
        "logistics", 100, 80, 60, 20,
    )  # fmt: skip
    assert (second.department, second.given, second.configured) == (None, 5, 0)


def test_rows_set_aside_by_import_and_table():
    def row(number, table, reason, n):
        return {"import_id": number, "file": f"{number}.csv", "profile": "p", "loaded_at": None,
                "table_name": table, "column_name": "tijd", "reason": reason, "n": n}  # fmt: skip

    found = asides([row(1, "cases", "a", 2), row(2, "cases", "b", 1), row(1, "cases", "c", 5)])
    assert [(one.import_id, one.n, one.reason, one.most) for one in found] == [
        (2, 1, "b", 1),
        (1, 7, "c", 5),
    ]
