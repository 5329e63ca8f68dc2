"""Results made by hand, for what only shows them."""

from datetime import datetime

from kpi.bulletin.scorecard import Course, Process, Target
from kpi.model import Better, Kind, Kpi, Note, Result, Unit

AS_OF = datetime(2026, 6, 30, 21, 59)
HOSTILE = "<img src=x onerror=alert(1)>![](http://evil.nl/a.png)\"'><script>x</script>"


def kpi(name="within_norm", unit=Unit.PERCENT, better=Better.UP, title="Within norm"):
    return Kpi(
        name, "K1", title, "What it means.", unit, better, "prepared_cases", ("cases",),
        "opened_day", Kind.SHARE, ("process",),
    )  # fmt: skip


def result(value, low=None, high=None, n=1000, process="fault", name="within_norm", **more):
    return Result(
        name, {"process": process}, value, low, high, n=n, as_of=AS_OF, **more
    )  # fmt: skip


FAULT = Process("fault", "Storingen")
PERCENT = kpi()
TARGET = Target(90, sample=True)
COURSE = Course((80.0, None, 85.0, 78.0), partial=True)
TOO_FEW = Note.of("too few (n = {n})", n=4)
