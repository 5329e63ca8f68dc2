"""Loading the demo: an import like any other, with its truth beside the store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from kpi.demo.configuration import examples, keys
from kpi.demo.organisation import Organisation, make
from kpi.demo.plan import Plan
from kpi.demo.stories import Stories
from kpi.demo.zone import Zone
from kpi.i18n import _, ngettext
from kpi.settings import Settings
from kpi.staged import Manifest, StagedFeed
from kpi.store.problems import StoreProblem
from kpi.store.properties import KIND

if TYPE_CHECKING:
    from kpi.store import ImportReport, Store, UndoReport

DEMO = "demo"
#: By this an import is known to be the demo's, whatever other profiles are called.
PROFILE_HASH = hashlib.sha256(b"ketenzicht demo").hexdigest()
Tell = Callable[[str], None]


class HoldsRealData(StoreProblem):
    """The store holds data that is not the demo's."""


@dataclass(frozen=True)
class Filled:
    """What filling a store did.

    Attributes:
        report: of the import; its `import_id` is None when this very demo was there already.
        stories: what was planted.
        truth: the file that says so.
    """

    report: ImportReport
    stories: Stories
    truth: Path


def yesterday(zone: str) -> date:
    """The last day that is over, where the organisation is."""
    return datetime.now(UTC).astimezone(ZoneInfo(zone)).date() - timedelta(days=1)


def truth_file(settings: Settings) -> Path:
    """Where the planted stories are kept: beside the store."""
    return settings.beside.with_name(settings.beside.name + ".demo.json")


def demo_imports(store: Store) -> list[int]:
    """The live imports of a demo, the latest first."""
    return [row["import_id"] for row in _live(store) if row["profile_hash"] == PROFILE_HASH]


def is_empty(store: Store) -> bool:
    """Whether nothing is loaded at all."""
    return not _live(store)


def fill(store: Store, plan: Plan, who: str, tell: Tell) -> Filled:
    """Fill the store with the demo of `plan`; another demo in it makes way.

    Raises:
        HoldsRealData: something else is loaded; nothing was changed.
    """
    real = [row for row in _live(store) if row["profile_hash"] != PROFILE_HASH]
    if real:
        raise HoldsRealData(
            ngettext(
                "The store holds real data: {n} import, the latest {file}. The demo is not mixed "
                "with it; name another store with --database.",
                "The store holds real data: {n} imports, the latest {file}. The demo is not mixed "
                "with it; name another store with --database.",
                len(real),
            ).format(n=len(real), file=real[0]["file"])
        )
    tell(_("Inventing an organisation of about {n} customers …").format(n=plan.customers))
    organisation = make(plan)
    manifest = _staged(plan, list(organisation.stage(store.staging)))
    same = {row["hash"] for row in _live(store)} == {manifest.hash}
    if not same:
        for old in demo_imports(store):
            tell(_("Taking out the demo that was there …"))
            clear(store, old, who)
    tell(_("Loading {n} rows and preparing numbers …").format(n=manifest.rows))
    report = store.import_staged(manifest, who)
    zone = organisation.zone()
    for table, rows in examples(plan, organisation.stories, zone).items():
        store.configure(table, rows, who)
    if store.properties().get(KIND) != DEMO:
        store.set_property(KIND, DEMO)
    truth = truth_file(store.settings)
    kept = {"plan": plan.describe(), "stories": organisation.stories.to_list()}
    truth.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return Filled(report, organisation.stories, truth)


def clear(store: Store, import_id: int, who: str) -> UndoReport:
    """Take a demo out again: its import, its example configuration, its truth."""
    report = store.undo(import_id, who)
    truth = truth_file(store.settings)
    if truth.is_file():
        kept = json.loads(truth.read_text(encoding="utf-8"))
        plan = plan_from(kept["plan"])
        stories = Stories.from_list(kept["stories"])
        zone = Organisation(plan, stories, {}).zone()
        for table, found in keys(examples(plan, stories, zone)).items():
            store.remove_configuration(table, found, who)
        truth.unlink()
    if not demo_imports(store):
        store.set_property(KIND, "")
    return report


def plan_from(described: dict[str, object]) -> Plan:
    """The inverse of `Plan.describe`."""
    return Plan(
        until=date.fromisoformat(str(described["until"])),
        customers=int(str(described["customers"])),
        months=int(str(described["months"])),
        seed=int(str(described["seed"])),
        zone=str(described["zone"]),
    )


def _live(store: Store) -> list[dict[str, Any]]:
    return [row for row in store.imports() if row["undone_at"] is None]


def _staged(plan: Plan, feeds: list[StagedFeed]) -> Manifest:
    digest = hashlib.sha256()
    for feed in feeds:
        assert feed.parquet is not None
        digest.update(feed.parquet.read_bytes())
    zone = Zone(plan.zone, plan.until, plan.until + timedelta(days=2))
    as_of = datetime.fromtimestamp(float(zone.to_utc(np.asarray([plan.cutoff]))[0]), UTC)
    return Manifest(
        file=DEMO,
        hash=digest.hexdigest(),
        profile=DEMO,
        profile_hash=PROFILE_HASH,
        as_of=as_of.replace(tzinfo=None),
        rows=sum(feed.rows for feed in feeds),
        feeds=tuple(feeds),
    )
