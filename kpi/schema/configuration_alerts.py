"""What is told by itself: alerts with their conditions, and digests with their days.

Recipients are names of channels; the addresses behind them are settings and never in the store.
"""

from __future__ import annotations

from kpi.schema.model import AtLeast, Between, Column, Matches, Table, Type
from kpi.schema.parts import identity, text, versioned
from kpi.text import N_

CONDITIONS = (
    "target_missed",
    "control_limit",
    "surge",
    "silent_cases",
    "feed_late",
    "no_data",
)
_CLOCK = Matches(
    pattern="([01][0-9]|2[0-3]):[0-5][0-9]", sentence=N_("is not a clock time like 09:00")
)
_LANGUAGES = ("nl", "en")

ALERTS = versioned(
    "alerts",
    N_("What somebody wants to be told of, and how it is kept from crying wolf"),
    (identity("alert", N_("Alert"), "fault-within-norm"),),
    (
        text("title", N_("Name on screen"), "Storingen onder de norm"),
        text("condition", N_("What must be the case"), "target_missed", values=CONDITIONS),
        text("kpi", N_("KPI"), "within_norm"),
        text("process", N_("Customer process; empty for all"), "fault"),
        text("channel", N_("Channel; empty for all"), "phone"),
        text("reason", N_("Reason for contact; empty for all"), "outage"),
        Column("bound", Type.NUMBER, N_("Own limit; empty: the target"), "90"),
        Column("days", Type.INTEGER, N_("Days that a value is taken over"), "7",
               rule=Between(low=1, high=92)),
        Column("pending_days", Type.INTEGER, N_("Days that it must hold before it is told"), "2",
               rule=Between(low=1, high=31)),
        Column("band", Type.NUMBER, N_("How far beyond the limit it must be to have recovered"), "2",
               rule=AtLeast()),
        Column("least_n", Type.INTEGER, N_("Fewest rows to judge by, ten or more"), "30",
               rule=AtLeast(minimum=10, sentence=N_("must be 10 or more"))),
        text("calendar", N_("Calendar in whose hours it is sent; empty: at any hour"), "office"),
        text("owner", N_("Who is responsible (a role)"), "Klantprocesregisseur Storingen"),
        text("recipients", N_("Recipients by their names in the settings, separated by commas"), "team, planning"),
        text("language", N_("Language of the message"), "nl", values=_LANGUAGES),
        text("mode", N_("At once, or in the digest"), "at_once", values=("at_once", "digest")),
        Column("snoozed_until", Type.DATE, N_("Silent up to and including"), "2026-07-12"),
    ),
)  # fmt: skip

DIGESTS = versioned(
    "digests",
    N_("An overview that is sent every working day or every week"),
    (identity("digest", N_("Digest"), "monday"),),
    (
        text("title", N_("Name on screen"), "Weekoverzicht directie"),
        text("frequency", N_("Every working day, or every week"), "week", values=("day", "week")),
        Column("weekday", Type.INTEGER, N_("1 Monday … 7 Sunday"), "1",
               rule=Between(low=1, high=7)),
        text("at", N_("Clock time from which it is sent, local"), "08:00", rule=_CLOCK),
        text("processes", N_("Processes, separated by commas; empty for all"), "fault"),
        text("recipients", N_("Recipients by their names in the settings, separated by commas"), "team, planning"),
        text("language", N_("Language of the message"), "nl", values=_LANGUAGES),
    ),
)  # fmt: skip

INFORMING: tuple[Table, ...] = (ALERTS, DIGESTS)
