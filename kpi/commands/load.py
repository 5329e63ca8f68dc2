"""`ketenzicht load`: read files and bring them into the store."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpi.commands.asked import asking
from kpi.commands.output import as_json
from kpi.commands.progress import Telling
from kpi.commands.who import who
from kpi.demo.fill import demo_imports
from kpi.i18n import _
from kpi.ingest import Cancelled, LoadOutcome, Profile, ProfileProblem, parse_profile
from kpi.ingest import load as load_file
from kpi.ingest.kept import NoProfile, by_name, mended_import, of_mended
from kpi.numbers import AskProblem, keep_month_ends
from kpi.store.deliveries import note_failure
from kpi.unattended import COMMAND, report

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Emit

NOTHING_LOADED = 2


@asking
def load(store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
    """Load each file; the exit code is the worst of them, and none stops the others.

    A file that is refused weighs more than what the others did: whoever reads nothing but the code
    must not think that all is in.
    """
    profile = _profile(store, arguments.get("profile"))
    demo = demo_imports(store)
    if demo and not arguments.get("dry_run"):
        emit.err(
            _(
                "The store holds the demo organisation: its numbers and yours are counted together. "
                "`ketenzicht undo {number}` takes the demo out."
            ).format(number=demo[0])
            + "\n"
        )
    told, code = [], 0
    if not arguments.get("dry_run"):
        # What closed under an earlier version of the program was not kept yet.
        keep_month_ends(store)
    for file in arguments["files"]:
        path = Path(file)
        try:
            with Telling(path.name, emit) as progress:
                outcome = load_file(
                    store,
                    path,
                    profile or _as_before(store, path, arguments, emit),
                    arguments.get("table"),
                    dry_run=bool(arguments.get("dry_run")),
                    who=who(),
                    progress=progress,
                    cancel=lambda: emit.cancelled,
                )
        except Cancelled:
            emit.err(_("Stopped: nothing of {file} was loaded.").format(file=path.name) + "\n")
            code = NOTHING_LOADED
            break
        if outcome.refused is not None and profile is not None and not arguments.get("dry_run"):
            # With a profile it is a delivery; without one somebody tries what a file is.
            note_failure(store, path.name, COMMAND, outcome.refused, profile=profile.name)
        told.append(outcome.as_json())
        code = max(code, outcome.exit_code)
        _report(outcome, emit, results=not arguments.get("json"))
    if any(one["import"] is not None for one in told):
        # The files of one command are one delivery: a month closes with all of them.
        keep_month_ends(store)
    if len(told) > 1 and any("reason" in one for one in told):
        _which(told, emit)
    if arguments.get("json"):
        emit.out(as_json(told[0] if len(arguments["files"]) == 1 and told else told))
    return code


def _which(told: list[dict[str, Any]], emit: Emit) -> None:
    """Which of several files came in and which did not: the exit code says only that one did not."""
    loaded = [
        f"{one['file']} ({_('import {number}').format(number=one['import'])})"
        if one["import"] is not None
        else one["file"]
        for one in told
        if "reason" not in one
    ]
    refused = [one["file"] for one in told if "reason" in one]
    if loaded:
        emit.err(_("Loaded: {files}.").format(files=", ".join(loaded)) + "\n")
    emit.err(_("Not loaded: {files}.").format(files=", ".join(refused)) + "\n")


def _as_before(
    store: Store, path: Path, arguments: Mapping[str, Any], emit: Emit
) -> Profile | None:
    """How rows that were set aside and mended are read: as their import was."""
    mended = None if arguments.get("table") else of_mended(store, path.name)
    if mended is not None:
        emit.err(
            _("{file} is read as import {number} was, of which these rows were set aside.").format(
                file=path.name, number=mended_import(path.name)
            )
            + "\n"
        )
    return mended


def _profile(store: Store, named: str | None) -> Profile | None:
    """A profile from a file, or one saved in the product under that name."""
    if not named:
        return None
    path = Path(named)
    try:
        if path.is_absolute() and path.is_file():
            return parse_profile(path.read_text(encoding="utf-8"))
        return by_name(store, named)
    except ProfileProblem as problem:
        raise AskProblem(
            _("The profile {name} cannot be used: {problem}").format(name=named, problem=problem)
        ) from problem
    except NoProfile as problem:
        said = str(problem)
        if path.suffix:
            said += " " + _("There is no file of that name either.")
        raise AskProblem(said) from problem
    except (OSError, UnicodeDecodeError) as problem:
        raise AskProblem(
            _("The profile {name} cannot be read: {problem}.").format(name=named, problem=problem)
        ) from problem


def _report(outcome: LoadOutcome, emit: Emit, *, results: bool) -> None:
    """What happened: results to standard output, what asks for attention to standard error."""
    for line in report.attention(outcome):
        emit.err(f"{line}\n")
    if outcome.refused is not None:
        _proposed(outcome, emit, results=results)
    elif results:
        emit.out("".join(f"{line}\n" for line in report.results(outcome)))


def _proposed(outcome: LoadOutcome, emit: Emit, *, results: bool) -> None:
    """In doubt the proposal is printed, to edit and load with `--profile`."""
    proposal = outcome.proposal
    if proposal is None or proposal.profile_text is None or not results:
        return
    emit.err(
        _("The profile proposed is printed here; edit it, keep it, and load with --profile.") + "\n"
    )
    emit.out(proposal.profile_text)
