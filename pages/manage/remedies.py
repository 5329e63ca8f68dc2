"""What can be done in the file's reading about what the detective found: one click each.

The detective's advice is written for a profile. Whoever looks at the file in the browser gets a
button where one click does it, else words that name what is on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kpi.findings import Finding
from kpi.i18n import _
from kpi.ingest import Profile
from kpi.ingest.profiles import Rule
from kpi.ingest.shaping import together, with_read, with_rule
from kpi.text import N_

_READING = N_("Choose it under “How the file is read”.")
_SAID: Mapping[str, str] = {
    "one_column": _READING,
    "month_beside": _READING,
    "other_clock": N_(
        "See in the source what is meant; another time zone is chosen under “How the file is read”."
    ),
    "broken_letters": N_(
        "Export anew as UTF-8, or choose other characters under “How the file is read”. Broken words "
        "become reasons and departments of their own."
    ),
    "unit_changes": N_("Load the two periods as two files, each with its own unit."),
    "beyond_scale": N_("See whether it is another question, or another scale, than is chosen."),
    "decimal_ids": N_("They will not be those of other files."),
    "thousands": N_("If they are decimals, say so; else nothing need be done."),
    "zero_not_asked": N_("See in the source what a zero means."),
    "placeholder_dates": N_("It is a day that stands for “none”."),
    "spreadsheet_errors": N_("Mend the formula in the spreadsheet, or read them as nothing."),
    "event_log": N_(
        "Take the rows of one key together, or read the file as an event log under “More out of this "
        "file”."
    ),
    "repeated_keys": N_(
        "See in the rows below which one should count. Which value counts is chosen per column, under "
        "“More”."
    ),
}


@dataclass(frozen=True)
class Remedy:
    """A button: what it says, and the profile that it makes."""

    label: str
    make: Callable[[Profile], Profile]


def advice(finding: Finding) -> str:
    """What can be done about it, for whoever has the file before him."""
    said = _SAID.get(finding.kind)
    return _(said) if said else finding.what_to_do


def remedy(finding: Finding, profile: Profile) -> Remedy | None:
    """What one click can do about it; None where that is for the source or for somebody to judge."""
    if finding.feed is None or finding.feed >= len(profile.feeds):
        return None
    number = finding.feed
    match finding.kind:
        case "zero_not_asked":
            return Remedy(_("Read 0 as: not asked"), _nothing(finding, "0"))
        case "placeholder_dates" | "spreadsheet_errors":
            written = str(finding.values.get("written") or finding.values.get("example") or "")
            if written:
                return Remedy(
                    _("Read {value} as nothing").format(value=written), _nothing(finding, written)
                )
        case "decimal_ids":
            return Remedy(
                _("Cut off what stands behind the comma"),
                _with(finding, lambda rule: replace(rule, pattern="^(.*?)[.,]0+$")),
            )
        case "thousands":
            mark = str(finding.values["mark"])
            other = "," if mark == "." else "."
            return Remedy(
                _("They are decimals"),
                lambda now: with_read(now, decimal=mark, thousands=other),
            )
        case "event_log" | "repeated_keys":
            return Remedy(
                _("Take the rows of one key together: first begin, last end, last status"),
                lambda now: together(now, number),
            )
    return None


def _nothing(finding: Finding, value: str) -> Callable[[Profile], Profile]:
    return _with(finding, lambda rule: replace(rule, missing=(*rule.missing, value)))


def _with(finding: Finding, change: Callable[[Rule], Rule]) -> Callable[[Profile], Profile]:
    """The rule of the column that a finding is about, changed."""

    def made(now: Profile) -> Profile:
        assert finding.feed is not None
        for name, rule in now.feeds[finding.feed].columns.items():
            if " + ".join(rule.named) == finding.column:
                now = with_rule(now, (finding.feed,), name, change(rule))
        return now

    return made
