"""Who is told of complaints and of leaving, where the processes are called otherwise."""

from datetime import date

import pytest

from kpi.numbers.kinds import cancellation_process, complaint_process
from tests.measures.world import world

ON = date(2026, 6, 30)
SINCE = date(2020, 1, 1)


def test_as_configured_out_of_the_box(tmp_path):
    with world({}, "2026-06-30 23:59", tmp_path) as store:
        assert complaint_process(store, "late_delivery", ON) == "complaint"
        assert complaint_process(store, "never heard of", ON) == "complaint"
        assert cancellation_process(store, ON) == "cancellation"


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        (("cancellation", "cancellation"), "vertrek"),
        # Nothing says which process it is: nobody is told to act.
        (("request", "request"), ""),
    ],
)
def test_called_otherwise(tmp_path, kinds, told):
    with world({}, "2026-06-30 23:59", tmp_path) as store:

        def keep(table, rows):
            store.configure(table, [{"valid_from": SINCE, **row} for row in rows], "test")

        for process in ("complaint", "cancellation"):
            keep("processes", [{"process": process, "retired": True}])
        keep("processes", [{"process": one, "title_nl": one} for one in ("klacht", "vertrek")])
        keep("reasons", [{"reason": "late_delivery", "process": "klacht", "kind": "complaint"}])
        known = [row["reason"] for row in store.configuration.rows("reasons", ON)
                 if row["process"] == "cancellation"]  # fmt: skip
        keep("reasons", [{"reason": one, "process": "vertrek", "kind": kind}
                         for one, kind in zip(known, kinds, strict=False)])  # fmt: skip
        keep("reasons", [{"reason": one, "retired": True} for one in known[len(kinds) :]])
        assert complaint_process(store, "late_delivery", ON) == "klacht"
        assert complaint_process(store, None, ON) == "klacht"
        assert cancellation_process(store, ON) == told
