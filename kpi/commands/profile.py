"""`ketenzicht profile`: what a file seems to be, as a profile to edit and keep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import tomlkit

from kpi.bulletin.sentences_findings import in_words
from kpi.commands.output import as_json as to_json
from kpi.escape import one_line
from kpi.i18n import _
from kpi.ingest import Proposal, propose
from kpi.settings import Settings

NOTHING_DONE = 2
Write = Callable[[str], None]


def profile(settings: Settings, path: Path, as_json: bool, out: Write, err: Write) -> int:
    """Look at a file and print what was found; nothing is loaded."""
    if not path.is_file():
        err(_("There is no file {path}.").format(path=path) + "\n")
        if as_json:
            reason = _("There is no file {path}.").format(path=path)
            out(to_json(_refused(path, reason)))
        return NOTHING_DONE
    found = propose(path, settings)
    if as_json:
        out(to_json(found.as_json()))
    if found.refused is not None:
        err(f"{path.name}: {found.refused}\n")
        return NOTHING_DONE
    told = [one.sentence for one in found.findings]
    for sentence in (
        *(one for one in found.doubts if one not in told),
        *found.warnings,
        *found.unread,
    ):
        err(f"{sentence}\n")
    err(in_words(found.findings))
    if as_json:
        return 0
    if found.profile_text is None:
        err(
            _("It fits none of the tables; its columns: {names}.").format(
                names=", ".join(found.columns)
            )
            + "\n"
        )
        out(_beginning(found))
        return 0
    out(found.profile_text)
    return 0


def _beginning(found: Proposal) -> str:
    """How the file is read, pinned, with a feed to fill in: for a file that fits no table."""
    document = tomlkit.document()
    document.add("name", found.file)
    read = tomlkit.table()
    for name in ("encoding", "delimiter"):
        if getattr(found, name):
            read.add(name, getattr(found, name))
    document.add("read", read)
    lines = ["", "# [[feeds]]", '# table = "…"', "# [feeds.columns]"]
    lines += [f'# … = "{column}"' for column in map(one_line, found.columns)]
    return tomlkit.dumps(document) + "\n".join(lines) + "\n"


def _refused(path: Path, reason: str) -> dict[str, object]:
    problem = {"row": None, "column": None, "value": None, "reason": reason}
    return {
        "file": path.name,
        "encoding": None,
        "delimiter": None,
        "quote": None,
        "header_line": None,
        "columns": [],
        "rows": 0,
        "table": None,
        "doubts": [],
        "problems": [problem],
    }
