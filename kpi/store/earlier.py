"""What only the store can know of a file: what was loaded before it, and under which keys.

Earlier loads of the same feed count: those of the same profile. Another system that fills the same
table has a rhythm and keys of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from kpi.findings import Evidence, Finding, Severity, Word
from kpi.schema import TABLES
from kpi.schema.titles import TITLES
from kpi.staged import Manifest, StagedFeed
from kpi.store.volume import Beside, findings
from kpi.tables import IMPORT_ID, before, table
from kpi.text import N_

#: How far back earlier loads are looked at.
_BACK = timedelta(days=400)
#: Rows of earlier loads on the days of the file, before anything is said of their keys.
_ENOUGH = 20

DOUBLED = N_(
    "{table}: {n} of the {all} rows from {first} to {last} are new, and these days were loaded before"
    " with {known} rows under other keys. Everything on them now counts twice."
)
DOUBLED_ADVICE = N_(
    "See whether the key of the extract changed (another column, or another way of writing it). Take"
    " one of the two loads back: `ketenzicht undo {number}` takes this one."
)
PADDED = N_(
    "{table}: {n} customers are known under the same number with other leading zeros, like {own} and"
    " {other}: these rows find no customer."
)
PADDED_ADVICE = N_(
    "A spreadsheet takes leading zeros away. Export the column as text, in all extracts alike."
)
OURS, THEIRS = Word(N_("In this file")), Word(N_("In customers"))
_SHOWN = 8


def fact_time(feed: StagedFeed) -> str | None:
    """The column that says when a fact of this feed happened; None where none does."""
    times = [name for name in TABLES[feed.table].fact_times if name in feed.columns]
    required = [name for name in times if TABLES[feed.table].by_name[name].required]
    return next(iter([*required, *times]), None)


def of_volume(connection: sa.Connection, manifest: Manifest, zone: str) -> list[Finding]:
    """What is odd about the days of a file that is about to be loaded."""
    found: list[Finding] = []
    # Of dates that stand in the wrong month every week looks odd, and that was said.
    astray = {one.table for one in manifest.findings if one.kind == "swapped_days"}
    for feed in manifest.feeds:
        if feed.table in astray:
            continue
        if feed.days and (name := fact_time(feed)):
            own = _sum(manifest, feed.table, name)
            found += findings(Beside(feed.table, own, _earlier(connection, manifest, feed, zone)))
    return found


def _sum(manifest: Manifest, of: str, name: str) -> Counter[date]:
    """Rows per day of all feeds of the file that fill a table."""
    days: Counter[date] = Counter()
    for feed in manifest.feeds:
        if feed.table == of and fact_time(feed) == name:
            days.update(feed.days)
    return days


def _earlier(
    connection: sa.Connection, manifest: Manifest, feed: StagedFeed, zone: str
) -> Counter[date]:
    """Rows per local day of earlier loads of the same feed."""
    target, imports = table(feed.table), table("imports")
    time = target.c[fact_time(feed) or ""]
    hour = sa.func.date_trunc("hour", time)
    since = datetime.combine(min(feed.days) - _BACK, datetime.min.time())
    counted = connection.execute(
        sa.select(hour, sa.func.count())
        .select_from(target.join(imports, imports.c[IMPORT_ID] == target.c[IMPORT_ID]))
        .where(imports.c.profile == manifest.profile, time >= since)
        .group_by(hour)
    )
    local = ZoneInfo(zone)
    days: Counter[date] = Counter()
    for at, count in counted:
        days[at.replace(tzinfo=UTC).astimezone(local).date()] += count
    return days


def of_keys(
    connection: sa.Connection, manifest: Manifest, import_id: int, position: int, accepted: int
) -> Iterator[Finding]:
    """Whether the days of a feed, now loaded, were loaded before under other keys."""
    feed = manifest.feeds[position]
    name = fact_time(feed)
    if not accepted or not name or not feed.days:
        return
    target, imports, image = table(feed.table), table("imports"), before(feed.table)
    time = target.c[name]
    others = target.join(imports, imports.c[IMPORT_ID] == target.c[IMPORT_ID])
    known, first, last = connection.execute(
        sa.select(sa.func.count(), sa.func.min(time), sa.func.max(time))
        .select_from(others)
        .where(
            imports.c.profile == manifest.profile,
            time >= datetime.combine(min(feed.days), datetime.min.time()) - timedelta(days=1),
            time < datetime.combine(max(feed.days), datetime.min.time()) + timedelta(days=2),
        )
    ).one()
    if known < _ENOUGH:
        return
    inside = sa.and_(target.c[IMPORT_ID] == import_id, time >= first, time <= last)
    (written,) = connection.execute(sa.select(sa.func.count()).where(inside)).one()
    (changed,) = connection.execute(
        sa.select(sa.func.count()).where(
            image.c["replaced_by"] == import_id, image.c[name] >= first, image.c[name] <= last
        )
    ).one()
    new = written - changed
    all_ = sum(count for day, count in feed.days.items() if first.date() <= day <= last.date())
    if new < max(_ENOUGH, all_ / 2, known * 0.3):
        return
    yield Finding(
        "doubled", DOUBLED, {
            "table": Word(TITLES[feed.table]), "n": new, "all": all_, "known": known, "first": first.date(),
            "last": last.date(), "number": str(import_id),
        }, DOUBLED_ADVICE, Severity.WRONG, feed.table, feed=position, rows=new,
    )  # fmt: skip


def of_customers(
    connection: sa.Connection, manifest: Manifest, import_id: int
) -> Iterator[Finding]:
    """Whether customers of the file are known under a number with more or fewer leading zeros."""
    customers = table("customers")
    if connection.execute(sa.select(customers.c.customer_id).limit(1)).first() is None:
        return
    for name in dict.fromkeys(feed.table for feed in manifest.feeds):
        target = table(name)
        filled = any("customer_id" in feed.columns for feed in manifest.feeds if feed.table == name)
        if name == "customers" or not filled:
            continue
        ours = (
            sa.select(target.c.customer_id)
            .where(target.c[IMPORT_ID] == import_id, target.c.customer_id.is_not(None))
            .distinct()
            .subquery()
        )
        exact, alike = customers.alias(), customers.alias()
        bare = sa.func.ltrim(ours.c.customer_id, "0")
        pairs = (
            sa.select(ours.c.customer_id, sa.func.min(alike.c.customer_id).label("other"))
            .select_from(
                ours.outerjoin(exact, exact.c.customer_id == ours.c.customer_id).join(
                    alike, sa.func.ltrim(alike.c.customer_id, "0") == bare
                )
            )
            .where(exact.c.customer_id.is_(None), bare != "")
            .group_by(ours.c.customer_id)
            .order_by(ours.c.customer_id)
        )
        counted = pairs.subquery()
        (n,) = connection.execute(sa.select(sa.func.count()).select_from(counted)).one()
        if n < _SHOWN // 2:
            continue
        rows = connection.execute(pairs.limit(_SHOWN)).all()
        yield Finding(
            "leading_zeros", PADDED,
            {"table": Word(TITLES[name]), "n": n, "own": rows[0][0], "other": rows[0][1]}, PADDED_ADVICE,
            Severity.WRONG, name,
            evidence=Evidence((OURS, THEIRS), tuple((own, other) for own, other in rows)),
        )  # fmt: skip
