"""What loading did: to the rows, to the numbers, and up to what it counts."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kpi import formats
from kpi.bulletin import Column, table
from kpi.bulletin.tables import Value
from kpi.i18n import _, ngettext
from kpi.ingest import LoadOutcome, parse_profile
from kpi.measures import KPIS
from kpi.model import Kpi, Result
from kpi.numbers.before_after import Moved
from pages.manage import aside, check, control, findings, kept, values, words
from pages.manage.loading import Delivery, Loaded
from pages.shared import data, page, places

#: Headlines that are shown at once; the others a click away.
_MOST = 12


def show(delivery: Delivery) -> None:
    """The report of one delivery."""
    if delivery.stopped:
        page.told("info", _("Stopped: what is listed here was loaded, the rest was not."))
    for number, one in enumerate(delivery.files):
        _one(one, number)
    _moved(delivery)
    with st.container(horizontal=True, gap="medium"):
        places.link("overview", _("See the numbers"), icon=":material/arrow_forward:")
        if any(one.outcome.import_id for one in delivery.files):
            places.link("codes", _("Codes not configured"), icon=":material/sell:")


def _one(one: Loaded, number: int) -> None:
    outcome = one.outcome
    if outcome.refused is not None:
        page.told("warning", _("Nothing was loaded. {reason}").format(reason=outcome.refused))
        return
    if outcome.already_loaded is not None:
        page.told("info", outcome.warnings[0])
        return
    page.told("success", _sentence(outcome))
    page.table(_counts(one), f"report-{number}")
    findings.show(outcome.findings, f"report-{number}")
    told = {finding.sentence for finding in outcome.findings}
    for warning in outcome.warnings:
        if warning not in told:
            page.quiet(warning)
    _aside(outcome, number)
    if outcome.import_id is not None:
        _control(outcome, number)
    if one.origin[0] == "mended":
        aside.told_of(int(one.origin[1]))
    if one.origin[0] in {"found", "start"}:
        kept.offer(outcome.file, one.profile_text, str(number))


def _sentence(outcome: LoadOutcome) -> str:
    loaded = outcome.total("accepted") + outcome.total("updated") + outcome.total("unchanged")
    return ngettext(
        "{file} is loaded as import {number}: {n} row.",
        "{file} is loaded as import {number}: {n} rows.",
        loaded,
    ).format(file=outcome.file, number=outcome.import_id, n=formats.number(loaded))


def _counts(one: Loaded) -> Any:
    profile = parse_profile(one.profile_text)
    titles = words.count_titles()
    return table(
        _("What happened to the rows"),
        [_("Table"), *(Column(title, figures=True) for title in titles.values())],
        [
            [
                values.feed_title(profile, number, feed.table),
                *(formats.number(getattr(feed, name)) for name in titles),
            ]
            for number, feed in enumerate(one.outcome.feeds)
        ],
    )


def _aside(outcome: LoadOutcome, number: int) -> None:
    """What was set aside, and the way back: fetch, mend, drop it here again."""
    set_aside = outcome.total("quarantined")
    if not set_aside or outcome.import_id is None:
        return
    page.text(
        ngettext(
            "{n} row was set aside. Download it, mend it and drop the file here: it is read the "
            "same way.",
            "{n} rows were set aside. Download them, mend them and drop the file here: it is read "
            "the same way.",
            set_aside,
        ).format(n=formats.number(set_aside))
    )
    control.download_aside(outcome.import_id)
    with st.expander(_("What is wrong with them")):
        rows = [*outcome.problems[: check.ASIDE]]
        page.table(check.aside(rows, set_aside), f"report-aside-{number}")


def _control(outcome: LoadOutcome, number: int) -> None:
    assert outcome.import_id is not None
    totals = data.store().totals_of(outcome.import_id)
    names = [feed.table for feed in outcome.feeds]
    if not any(totals):
        return
    with st.expander(_("Control totals, to hold against the report of the source system")):
        control.show(list(zip(names, totals, strict=False)), f"totals-{number}")
        control.download(outcome.import_id)


# --- what it did to the numbers -----------------------------------------------------------------


def _moved(delivery: Delivery) -> None:
    if delivery.period is None or not any(one.outcome.import_id for one in delivery.files):
        return
    page.section(_("What it did to the numbers"))
    days = _("{since} to {until}").format(
        since=formats.day(delivery.period.since), until=formats.day(delivery.period.until)
    )
    changed = [one for one in delivery.moved if one.kpi in KPIS]
    if not changed:
        page.text(_("No headline changed over {days}, the days of this file.").format(days=days))
        return
    page.quiet(_("Over {days}, the days of this file.").format(days=days))
    page.table(_changes(changed[:_MOST]), "moved")
    if changed[_MOST:]:
        with st.expander(_("{n} more").format(n=len(changed) - _MOST)):
            page.table(_changes(changed[_MOST:]), "moved-more")


def _changes(changed: list[Moved]) -> Any:
    rows: list[list[Value]] = []
    for one in changed:
        kpi = KPIS[one.kpi]
        rows.append(
            [
                data.title("process", one.process),
                _(kpi.title),
                _value(kpi, one.before),
                _value(kpi, one.after),
                _count(one.before),
                _count(one.after),
            ]
        )
    return table(
        _("Headlines before and after"),
        [
            _("Customer process"),
            _("Headline"),
            Column(_("Before the load"), figures=True),
            Column(_("After the load"), figures=True),
            Column(_("n before"), figures=True),
            Column(_("n after"), figures=True),
        ],
        rows,
    )


def _value(kpi: Kpi, result: Result | None) -> str:
    if result is None or result.value is None:
        return formats.NOTHING
    return formats.value(result.value, kpi.unit)


def _count(result: Result | None) -> str:
    return formats.number(result.n if result else 0)
