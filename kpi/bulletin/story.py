"""The story of a case in words: what happened, who had it, what was due and whether it was kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from kpi import formats
from kpi.bulletin.rows import Title, word
from kpi.bulletin.states import State
from kpi.bulletin.tables import Column, Shown, Table, Value, table
from kpi.i18n import _
from kpi.results.story import Happening, Story, What

_DAY = timedelta(days=1)


def title(story: Story, name: Title) -> str:
    """The page's title: which case, and how it went."""
    about = story.about
    process = name("process", about["process"]) if about["process"] else _("unknown")
    if story.case is None:
        return _("Contact {id}: {process}").format(id=about["contact_id"], process=process)
    case = story.case
    said = _("Case {id}: {process}").format(id=case["case_id"], process=process)
    if case["state"] == "withdrawn":
        return _("{said}, withdrawn by the customer").format(said=said)
    if case["closed_at"] is not None:
        length = formats.duration((case["closed_at"] - case["opened_at"]) / _DAY)
        said = _("{said}, closed after {length}").format(said=said, length=length)
    elif story.as_of is not None and case["state"] == "open":
        length = formats.duration((story.as_of - case["opened_at"]) / _DAY)
        said = _("{said}, open for {length}").format(said=said, length=length)
    late = _late(story)
    return f"{said}, {late}" if late else said


def _late(story: Story) -> str:
    for one in story.deadlines:
        if one.what is What.NORM and one.met is not None:
            if one.met:
                return _("within norm")
            end = story.ended_at or story.as_of
            over = formats.duration((end - one.at) / _DAY) if end else ""
            return _("{length} over the norm").format(length=over)
    return ""


def deadlines(story: Story, zone: str) -> Table | None:
    """What was due when, and whether it was kept; None where nothing was."""
    if not story.deadlines:
        return None
    names = {
        What.NORM: _("Norm of the process"),
        What.DUE: _("Own target date of the source"),
        What.PROMISED: _("Promised to the customer"),
    }
    rows: list[list[Value]] = [
        [names[one.what], formats.moment(one.at, zone), _kept(one.met)] for one in story.deadlines
    ]
    heads: list[Column | str] = [_("Deadline"), Column(_("When"), whole=True), _("Kept")]
    return table(_("Deadlines"), heads, rows)


def _kept(met: bool | None) -> Shown:
    if met is None:
        return Shown(_("not due yet"), mark="quiet")
    return Shown(_("kept"), State.GOOD) if met else Shown(_("missed"), State.BAD)


def stays(story: Story, name: Title, zone: str) -> Table | None:
    """Which department had the case when, for how long, and whether it kept its own deadline."""
    if not story.stays:
        return None
    rows: list[list[Value]] = []
    for one in story.stays:
        end = one.left or story.as_of
        length = formats.duration((end - one.entered) / _DAY) if end else ""
        rows.append(
            [
                name("department", one.department) if one.department else _("unknown"),
                formats.moment(one.entered, zone),
                formats.moment(one.left, zone) if one.left else _("still has it"),
                length,
                _kept(one.met),
            ]
        )
    heads: list[Column | str] = [
        _("Department"),
        Column(_("From"), whole=True),
        Column(_("Until"), whole=True),
        Column(_("How long"), figures=True),
        _("Own deadline"),
    ]
    return table(_("Who had it"), heads, rows)


def course(story: Story, name: Title, zone: str) -> Table:
    """Everything that happened, in order, with how long after the first of it."""
    first = story.happenings[0].at if story.happenings else None
    rows: list[list[Value]] = []
    for one in story.happenings:
        after = (
            "" if one.at == first or first is None else formats.duration((one.at - first) / _DAY)
        )
        rows.append(
            [
                Shown(formats.moment(one.at, zone)),
                after,
                _what(one, name),
                name("department", one.department) if one.department else "",
                _details(one, name, zone),
            ]
        )
    heads: list[Column | str] = [
        Column(_("When"), whole=True),
        Column(_("After"), figures=True),
        _("What happened"),
        _("Department"),
        _("Details"),
    ]
    return table(_("What happened, in order"), heads, rows)


def _what(one: Happening, name: Title) -> Shown:
    value = one.value
    said = {
        What.OPENED: _("Case opened"),
        What.CLOSED: _("Case closed"),
        What.WITHDRAWN: _("Withdrawn by the customer"),
        What.NORM: _("Norm of the process"),
        What.DUE: _("Own target date of the source"),
        What.PROMISED: _("Promised to the customer"),
        What.WORK: _("Worked on: {what}").format(what=value) if value else _("Worked on"),
        What.NOTE: _("Note"),
    }.get(one.what, "")
    if one.what in {What.CONTACT_IN, What.CONTACT_OUT, What.CONTACT}:
        channel = name("channel", value) if value else _("unknown")
        said = {
            What.CONTACT_IN: _("Customer in touch by {channel}"),
            What.CONTACT_OUT: _("We in touch with the customer by {channel}"),
            What.CONTACT: _("Contact by {channel}, direction unknown"),
        }[one.what].format(channel=formats.lower_first(channel))
    elif one.what is What.STATUS:
        said = _("Status: {what}").format(what=value or _("unknown"))
    elif one.what is What.MOMENT:
        said = name("moment", value) if value else _("Contact moment")
    elif one.what is What.HANDOFF:
        to = name("department", value) if value else _("unknown")
        said = _("Handed over to {department}").format(department=to)
    elif one.what is What.ANSWER:
        said = _("Answered the survey: {question}").format(question=word(value or ""))
    if one.what in {What.NORM, What.DUE, What.PROMISED}:
        kept = _kept(one.met)
        return Shown(f"{said}: {kept.text}", kept.state, mark=kept.mark)
    strong = one.what in {What.OPENED, What.CLOSED, What.WITHDRAWN}
    return Shown(said, mark="strong" if strong else "")


def _details(one: Happening, name: Title, zone: str) -> str:
    row, said = one.row, []
    if one.what in {What.CONTACT_IN, What.CONTACT_OUT, What.CONTACT}:
        said = _of_contact(row, name)
    elif one.what is What.ANSWER:
        score = row["score"]
        said = ["" if score is None else formats.number(score, 0 if score == int(score) else 1)]
        if not row["valid"]:
            said.append(_("not on the scale"))
    elif one.what is What.OPENED:
        said = [name(kind, row[kind]) for kind in ("reason", "channel") if row[kind] is not None]
    elif one.what in {What.CLOSED, What.WITHDRAWN}:
        said = [one.value or ""]
    if one.until is not None:
        length = (one.until - one.at) / _DAY
        said.append(_("until {when}").format(when=_until(one.at, one.until, zone)))
        said.append(formats.duration(length))
    return " · ".join(part for part in said if part)


def _until(at: datetime, until: datetime, zone: str) -> str:
    """The hour alone where it ended the same day."""
    first, last = formats.in_zone(at, zone), formats.in_zone(until, zone)
    return f"{last:%H:%M}" if first.date() == last.date() else formats.moment(until, zone)


def _of_contact(row: Mapping[str, Any], name: Title) -> list[str]:
    said = [name("reason", row["reason"]) if row["reason"] else ""]
    if row["category"]:
        said.append(word(row["category"]))
    if row["cause"]:
        said.append(name("cause", row["cause"]))
    if row["causing_department"]:
        by = name("department", row["causing_department"])
        said.append(_("caused by {department}").format(department=by))
    if row["abandoned"]:
        said.append(_("gave up"))
    if row["wait_s"] is not None:
        said.append(_("waited {length}").format(length=formats.seconds(row["wait_s"])))
    if row["handle_s"] is not None:
        said.append(_("handled in {length}").format(length=formats.seconds(row["handle_s"])))
    if row["transfers"]:
        said.append(_("transferred {n} times").format(n=formats.number(row["transfers"])))
    if (row["chain_position"] or 0) > 1:
        said.append(_("contact {n} in a chain").format(n=formats.number(row["chain_position"])))
    return said
