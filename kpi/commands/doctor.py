"""`ketenzicht doctor`: is all well with this installation, and what does it hold."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, NamedTuple

from kpi import formats
from kpi.alerts import looking, outbox, sending
from kpi.alerts.rules import LATEST, names, rules
from kpi.bulletin import sentences_feeds
from kpi.commands.alert import trouble
from kpi.i18n import _, ngettext
from kpi.numbers.feeds import feeds
from kpi.results.feeds import Punctual
from kpi.schema import FACTS
from kpi.settings import is_checkout, project_folder
from kpi.web.background import last
from kpi.web.tasks import TASKS

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Emit

#: Less room than this and a load may not fit, bytes.
ROOM = 2_000_000_000
LIBRARIES = ("streamlit", "duckdb", "sqlalchemy", "pandas")


class Finding(NamedTuple):
    """One thing looked at: whether it is well, and what was found."""

    well: bool
    text: str


def doctor(store: Store, _arguments: Mapping[str, Any], emit: Emit) -> int:
    """Print what was found; exit code 1 when something asks for attention."""
    found = [*_installation(), *_store(store), *_data(store), *_messages(store), *_feeds(store)]
    for finding in found:
        emit.out(f"{_('ok') if finding.well else _('look'):<5} {finding.text}\n")
    return 0 if all(finding.well for finding in found) else 1


def _installation() -> Iterator[Finding]:
    where = _("checkout") if is_checkout() else _("installed")
    yield Finding(True, f"Python {platform.python_version()}, {where}: {project_folder()}")
    for name in LIBRARIES:
        try:
            yield Finding(True, f"{name} {version(name)}")
        except PackageNotFoundError:
            yield Finding(False, _("{name} is not installed.").format(name=name))
    for name in ("app.py", "data/defaults.toml"):
        if not (project_folder() / name).is_file():
            yield Finding(
                False, _("{name} is missing. Install Ketenzicht again.").format(name=name)
            )


def _store(store: Store) -> Iterator[Finding]:
    path = store.settings.database_path
    if path is not None and path.exists():
        free = shutil.disk_usage(path.parent).free
        yield Finding(
            free >= ROOM,
            _("The store {path} takes {size}; there is room for {free} more.").format(
                path=path, size=formats.size(path.stat().st_size), free=formats.size(free)
            ),
        )
        others = path.stat().st_mode & 0o077
        if others:
            yield Finding(
                False, _("Other users of this machine can read {path}.").format(path=path)
            )
    known = store.properties()
    yield Finding(
        True,
        _("Schema version {schema}, data version {data}.").format(
            schema=known.get("schema_version", "?"), data=store.data_version
        ),
    )


def _messages(store: Store) -> Iterator[Finding]:
    troubled = outbox.troubled(store, looking.now())
    if troubled:
        said = ngettext(
            "{n} message did not arrive: {problem}", "{n} messages did not arrive: {problem}",
            len(troubled),
        )  # fmt: skip
        problem = trouble(store, troubled[0])
        yield Finding(False, said.format(n=len(troubled), problem=problem))
    wanted = {name for rule in rules(store) for name in rule.recipients}
    for row in store.configuration.rows("digests", LATEST):
        wanted |= {*names(row["recipients"])}
    for name in sorted(wanted):
        problem = sending.checked(store.settings, name)
        if problem:
            yield Finding(False, problem)
    for task in TASKS:
        looked = last(task.name)
        if looked is not None and looked.problem:
            yield Finding(
                False, _("The task {name} failed; the log says why.").format(name=task.name)
            )


def _data(store: Store) -> Iterator[Finding]:
    live = [row for row in store.imports() if row["undone_at"] is None]
    if not live:
        yield Finding(True, _("Nothing is loaded yet."))
        return
    yield Finding(
        True,
        ngettext(
            "{n} import, the latest {file}.", "{n} imports, the latest {file}.", len(live)
        ).format(n=len(live), file=live[0]["file"]),
    )
    zone = store.settings.time_zone
    for table in FACTS:
        as_of = store.as_of([table.name])
        if as_of is not None:
            yield Finding(True, f"{table.name}: {formats.as_of(as_of, zone)}")
    aside = sum(row["quarantined"] or 0 for row in live)
    if aside:
        yield Finding(
            False,
            ngettext(
                "{n} row was set aside with a reason.",
                "{n} rows were set aside with a reason.",
                aside,
            ).format(n=formats.number(aside)),
        )


def _feeds(store: Store) -> Iterator[Finding]:
    found = feeds(store)
    zone = store.settings.time_zone
    for one in found:
        if one.asks_attention:
            yield Finding(False, sentences_feeds.sentence(one, zone))
    on_time = sum(one.state is Punctual.ON_TIME for one in found)
    if on_time:
        yield Finding(
            True,
            ngettext("{n} feed is on time.", "{n} feeds are on time.", on_time).format(n=on_time),
        )
