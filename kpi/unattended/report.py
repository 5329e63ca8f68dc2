"""What came of a file, in words: what stands on the command line, and beside a handled file."""

from __future__ import annotations

from kpi import escape, formats
from kpi.bulletin.sentences_findings import in_words
from kpi.i18n import _, ngettext
from kpi.ingest import LoadOutcome
from kpi.ingest.loading import COUNTS

#: Rows set aside that are told one by one; all of them are kept with the import.
TOLD = 10


def whole(outcome: LoadOutcome) -> str:
    """Everything there is to say, to lie beside the file."""
    lines = [*results(outcome), *attention(outcome)]
    if outcome.proposal is not None and outcome.proposal.profile_text and outcome.refused:
        lines += ["", _("The profile proposed, to edit and keep:"), ""]
        lines += outcome.proposal.profile_text.splitlines()
    return "".join(f"{escape.terminal(line)}\n" for line in lines)


def results(outcome: LoadOutcome) -> list[str]:
    """What was loaded; nothing for a file that was refused."""
    if outcome.refused is not None:
        return []
    head = _("{file}: checked, nothing was loaded") if outcome.dry_run else _("{file}: loaded")
    if outcome.import_id is not None:
        head = _("{file}: loaded as import {number}")
    elif outcome.already_loaded is not None:
        head = _("{file}: nothing new")
    lines = [head.format(file=outcome.file, number=outcome.import_id)]
    for feed in outcome.feeds:
        counts = _(
            "{rows} rows: {accepted} new, {updated} changed, {unchanged} the same, "
            "{left_out} left out, {quarantined} set aside"
        ).format(**{name: formats.number(getattr(feed, name)) for name in COUNTS})
        lines.append(f"  {feed.table}: {counts}")
    if outcome.as_of is not None:
        moment = f"{formats.day(outcome.as_of.date())} {outcome.as_of:%H:%M}"
        lines.append("  " + _("as of {moment}").format(moment=moment))
    return lines


def attention(outcome: LoadOutcome) -> list[str]:
    """What asks for attention: why nothing was loaded, warnings, rows set aside."""
    if outcome.refused is not None:
        said = _("{file}: nothing was loaded. {reason}")
        why = said.format(file=outcome.file, reason=outcome.refused)
        return [why, *in_words(outcome.findings).splitlines(), *outcome.warnings]
    found = {finding.sentence for finding in outcome.findings}
    lines = [f"{outcome.file}: {one}" for one in outcome.warnings if one not in found]
    lines += in_words(outcome.findings, f"{outcome.file}: ").splitlines()
    return lines + _set_aside(outcome)


def _set_aside(outcome: LoadOutcome) -> list[str]:
    count = outcome.total("quarantined")
    if not count:
        return []
    said = ngettext("{file}: {n} row was set aside.", "{file}: {n} rows were set aside.", count)
    lines = [said.format(file=outcome.file, n=formats.number(count))]
    for problem in outcome.problems[:TOLD]:
        row = _("row {row}, {column}: “{value}” {reason}").format(
            row=problem["row"],
            column=problem["column"] or "–",
            value=problem["value"] if problem["value"] is not None else "",
            reason=problem["reason"],
        )
        lines.append(f"  {row}")
    return lines
