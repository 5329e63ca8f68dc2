"""`ketenzicht digest`: write the overview as files for an intranet, or send it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpi.alerts import digests, intranet, looking, outbox, schedule
from kpi.alerts.rules import LATEST, names
from kpi.commands.asked import asking
from kpi.i18n import _, language, use
from kpi.suggest import suggest

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Emit


@asking
def digest(store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
    """Write files to a folder, send a digest by its name, or print it."""
    if arguments.get("send"):
        return _send(store, str(arguments["send"]), emit)
    wanted = list(arguments.get("process") or ())
    known = [str(row["process"]) for row in store.configuration.processes(LATEST)]
    for name in wanted:
        if name not in known:
            return _strange(name, known, emit)
    every = arguments.get("every") or digests.WEEK
    moment = looking.now()
    with use(arguments.get("language") or language()):
        if not arguments.get("out"):
            made = digests.digest(store, digests.Wanted(every, tuple(wanted)), moment)
            if made is None:
                return _nothing(emit)
            emit.out(made.text)
            return 0
        processes = tuple(one for one in known if not wanted or one in wanted)
        try:
            files = intranet.write(store, Path(arguments["out"]), every, processes, moment)
        except OSError as problem:
            emit.err(
                _("{path} cannot be written: {problem}.").format(
                    path=arguments["out"], problem=problem.strerror
                )
                + "\n"
            )
            return 2
    if not files:
        return _nothing(emit)
    for file in files:
        emit.out(f"{file}\n")
    return 0


def _strange(name: str, known: Sequence[str], emit: Emit) -> int:
    """An overview is told of configured processes: what merely occurs in the data has no name."""
    said = _("The process {name} is not configured.").format(name=name)
    nearest = suggest(name, known)
    if nearest:
        said += " " + _("Did you mean {nearest}?").format(nearest=nearest)
    emit.err(said + "\n")
    return 2


def _nothing(emit: Emit) -> int:
    emit.err(_("Nothing is loaded yet that tells up to when.") + "\n")
    return 2


def _send(store: Store, name: str, emit: Emit) -> int:
    row = store.configuration.row("digests", LATEST, digest=name)
    if row is None:
        known = [one["digest"] for one in store.configuration.rows("digests", LATEST)]
        said = _("There is no digest {name}.").format(name=name)
        nearest = suggest(name, known)
        if nearest:
            said += " " + _("Did you mean {nearest}?").format(nearest=nearest)
        emit.err(said + "\n")
        return 2
    moment = looking.now()
    thing = f"digest {name} {moment.isoformat(timespec='seconds')}"
    letter = schedule.letter_of(store, row, moment, thing)
    if letter is None:
        return _nothing(emit)
    recipients = names(row["recipients"])
    if not recipients:
        emit.err(_("The digest {name} has no recipients.").format(name=name) + "\n")
        return 2
    outbox.post(store, letter, recipients, moment, moment)
    done = looking.Round()
    looking.send_due(store, moment, done)
    for message in done.sent:
        emit.err(_("sent to {name}: {subject}").format(
            name=message["recipient"], subject=message["subject"]) + "\n")  # fmt: skip
    for message in done.failed:
        emit.err(f"{message['recipient']}: {message['problem']}\n")
    return 1 if done.failed else 0
