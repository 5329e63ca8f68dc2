"""Derives the prepared tables from facts and configuration, in SQL, in the writer's transaction.

What a prepared column means stands in `kpi.schema.prepared`; each module here fills one or two of
those tables. A table is filled anew as a whole, and only when something it reads was touched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from kpi.schema import CONFIGURATION, FACTS
from kpi.settings import Settings
from kpi.store.daily import forget_made_of
from kpi.store.prepare.calendars import refill_calendars
from kpi.store.prepare.cases import hold_merges, refill_cases
from kpi.store.prepare.channels import refill_steering, refill_transactions
from kpi.store.prepare.contacts import refill_contacts
from kpi.store.prepare.customers import hold_known_as, refill_customers
from kpi.store.prepare.days import held, hold_readings, needed, refill_days
from kpi.store.prepare.handovers import hold_handovers
from kpi.store.prepare.holdings import refill_holdings, refill_sales_after
from kpi.store.prepare.passages import refill_passages
from kpi.store.prepare.phases import Changes, hold_changes, hold_profiles, refill_phases
from kpi.store.prepare.segments import refill_segments
from kpi.store.prepare.silences import hold_no_touches, hold_touches, refill_silences
from kpi.store.prepare.steps import Steps
from kpi.store.prepare.surveys import refill_surveys
from kpi.store.prepare.texts import refill_texts
from kpi.store.prepare.words import hold_words
from kpi.store.prepare.work import refill_work
from kpi.tables import table

#: The calendars themselves, and what they are made of.
_CALENDARS = "calendar_days"
_CALENDAR_SOURCES = {"calendars", "holidays"}
#: Filled with them, whenever the facts outgrow them.
_DAYS = frozenset({"days", "utc_offsets", "calendar_days", "calendar_hours"})
_CODED = {"codes", "processes", "reasons", "channels", "departments"}
#: What a customer is on a day follows from these; whose a contact is, at times from its case.
_CUSTOMERS = {"customers", "identities", "holdings", "contacts", "cases"}


class _Preparation:
    """One preparation: what it holds in common, made when it is first needed."""

    def __init__(self, steps: Steps, settings: Settings) -> None:
        self.steps = steps
        self.settings = settings

    @cached_property
    def words(self) -> sa.Table:
        return hold_words(self.steps)

    @cached_property
    def known_as(self) -> sa.Table:
        return hold_known_as(self.steps)

    @cached_property
    def profiles(self) -> sa.Table:
        return hold_profiles(self.steps, self.changes)

    @cached_property
    def changes(self) -> Changes:
        return hold_changes(self.steps, self.known_as, self.merges)

    @cached_property
    def merges(self) -> sa.Table:
        return hold_merges(self.steps)

    def calendars(self, *, anew: bool) -> None:
        """Fill days and calendars when the facts outgrow them, or always when `anew`."""
        wanted = needed(self.steps.connection)
        if wanted is None:
            for name in sorted(_DAYS):
                self.steps.connection.execute(sa.delete(table(name)))
        elif anew or wanted != held(self.steps.connection):
            regimes = refill_days(self.steps, self.settings.time_zone, wanted)
            readings = hold_readings(
                self.steps, self.settings.time_zone, wanted, "readings_of_openings"
            )
            refill_calendars(self.steps, self.settings.holidays_country, wanted, regimes, readings)

    def customers(self) -> None:
        refill_customers(self.steps)

    def phases(self) -> None:
        refill_phases(self.steps, self.changes, self.profiles)

    @cached_property
    def readings(self) -> sa.Table | None:
        """Local time with its offset, over the days there are; None when there are none."""
        over = held(self.steps.connection)
        if over is None:
            return None
        return hold_readings(self.steps, self.settings.time_zone, over, "readings_of_deadlines")

    def cases(self) -> None:
        if self.readings is None:
            self._empty("prepared_cases")
            return
        refill_cases(self.steps, self.words, self.known_as, self.profiles, self.readings)

    def contacts(self) -> None:
        held = None
        if _any(self.steps.connection, ("contacts",)):
            held = refill_contacts(
                self.steps, self.words, self.known_as, self.profiles, self.merges
            )
        else:
            self._empty("prepared_contacts", "prepared_legs", "prepared_case_contacts")
        if self.readings is None or not _any(self.steps.connection, ("cases",)):
            self._empty("prepared_silences")
            return
        touches = hold_touches(self.steps, *held) if held else hold_no_touches(self.steps)
        refill_silences(self.steps, touches, self.readings)

    def work(self) -> None:
        if self.readings is None:
            self._empty("prepared_segments", "prepared_work")
            return
        handovers = hold_handovers(self.steps, self.words)
        refill_segments(self.steps, handovers, self.readings)
        refill_work(self.steps, self.words, handovers)

    def _empty(self, *names: str) -> None:
        for name in names:
            self.steps.connection.execute(sa.delete(table(name)))

    def holdings(self) -> None:
        refill_holdings(self.steps, self.words, self.known_as, self.profiles)

    def sales_after(self) -> None:
        refill_sales_after(self.steps)

    def steering(self) -> None:
        refill_steering(self.steps)

    def transactions(self) -> None:
        refill_transactions(self.steps, self.words)

    def texts(self) -> None:
        refill_texts(self.steps, self.words)

    def passages(self) -> None:
        refill_passages(self.steps, self.words, self.merges)

    def surveys(self) -> None:
        refill_surveys(self.steps, self.words, self.known_as, self.profiles, self.merges)


@dataclass(frozen=True)
class _Part:
    """One prepared table, what it is derived from, and the facts without which it has no row.

    `beside` are other prepared tables that are filled with it.
    """

    name: str
    reads: frozenset[str]
    fill: Callable[[_Preparation], None]
    facts: tuple[str, ...]
    beside: tuple[str, ...] = ()


_PARTS = (
    _Part("prepared_customers", frozenset({"customers"}), _Preparation.customers, ("customers",)),
    _Part(
        "prepared_phases",
        frozenset(_CUSTOMERS),
        _Preparation.phases,
        ("customers",),
        ("prepared_profiles",),
    ),
    _Part(
        "prepared_cases",
        frozenset({"cases", _CALENDARS} | _CODED | _CUSTOMERS),
        _Preparation.cases,
        ("cases",),
    ),
    _Part(
        "prepared_contacts",
        frozenset(
            {"contacts", "cases", "prepared_cases", "causes", "moments", "hour_rates", _CALENDARS}
            | _CODED
            | _CUSTOMERS
        ),
        _Preparation.contacts,
        ("contacts", "cases"),
        ("prepared_legs", "prepared_case_contacts", "prepared_silences"),
    ),
    _Part(
        "prepared_work",
        frozenset({"chain_events", "prepared_cases", _CALENDARS} | _CODED),
        _Preparation.work,
        ("cases",),
        ("prepared_segments",),
    ),
    _Part(
        "prepared_holdings",
        frozenset({"holdings", "codes", "channels"} | _CUSTOMERS),
        _Preparation.holdings,
        ("holdings",),
    ),
    _Part(
        "prepared_sales_after",
        frozenset({"prepared_contacts", "prepared_holdings"}),
        _Preparation.sales_after,
        ("contacts",),
    ),
    _Part(
        "prepared_steering",
        frozenset({"prepared_contacts", "channel_strategy"}),
        _Preparation.steering,
        ("contacts",),
    ),
    _Part(
        "prepared_transactions",
        frozenset({"prepared_contacts", "totals", "channels", "reasons", "codes"}),
        _Preparation.transactions,
        ("contacts", "totals"),
    ),
    _Part(
        "prepared_texts",
        frozenset({"prepared_contacts", "posts", "codes", "processes"}),
        _Preparation.texts,
        ("posts", "contacts"),
    ),
    _Part(
        "prepared_passages",
        frozenset({"prepared_cases", "cases", "chain_events", "moments", "codes"}),
        _Preparation.passages,
        ("cases", "chain_events"),
    ),
    _Part(
        "prepared_surveys",
        frozenset({"surveys", "prepared_contacts", "moments", "codes", "processes"} | _CUSTOMERS),
        _Preparation.surveys,
        ("surveys",),
    ),
)


def prepare(
    connection: sa.Connection, settings: Settings, tables: Collection[str] | None = None
) -> set[str]:
    """Bring the prepared tables up to date with facts and configuration.

    Call it inside the transaction that changed them: it reads what that transaction wrote, and
    nobody sees facts and prepared tables that do not belong together.

    Args:
        connection: of the writer, in its transaction.
        settings: time zone and country; when these change, prepare everything.
        tables: the fact and configuration tables that were touched; None for everything.

    Returns:
        The prepared tables whose rows may be others now.
    """
    everything = {declared.name for declared in (*FACTS, *CONFIGURATION)}
    touched = set(everything if tables is None else tables)
    unknown = touched - everything
    if unknown:
        raise ValueError(f"nothing is prepared from {', '.join(sorted(unknown))}")
    with Steps(connection) as steps:
        preparation = _Preparation(steps, settings)
        anew = bool(touched & _CALENDAR_SOURCES)
        preparation.calendars(anew=anew)
        if anew:
            touched.add(_CALENDARS)
        refilled: set[str] = set()
        for part in _PARTS:
            if not touched & part.reads:
                continue
            if _any(connection, part.facts):
                part.fill(preparation)
            else:
                # Most extracts fill few tables: nothing is derived from nothing.
                for name in (part.name, *part.beside):
                    connection.execute(sa.delete(table(name)))
            touched.add(part.name)
            refilled |= {part.name, *part.beside}
        forget_made_of(connection, refilled)
    return refilled | _DAYS


def _any(connection: sa.Connection, facts: Collection[str]) -> bool:
    there = (sa.exists(sa.select(sa.literal(1)).select_from(table(name))) for name in facts)
    return bool(connection.execute(sa.select(sa.or_(*there))).scalar())


__all__ = ["prepare"]
