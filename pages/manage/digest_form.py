"""The overview mails: which there are, when they come, to whom; made, looked at, sent now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from kpi import formats
from kpi.alerts import digests, looking, outbox, schedule
from kpi.alerts.rules import LATEST, names
from kpi.bulletin import table
from kpi.bulletin.tables import Column, Shown, Value
from kpi.charts.heatmap import weekday_name
from kpi.i18n import LANGUAGE_NAMES, LANGUAGES, _
from kpi.store import StoreProblem
from pages.shared import data, page, sent_twice
from pages.shared.speech import callback
from pages.wall.kept import slug

WHO = "dashboard"
CHOSEN = "digest-chosen"
_TOLD = "_digest-told"


def show() -> None:
    """A table of them, and the form of one."""
    page.section(_("Overview mails"))
    known = {row["digest"]: row for row in data.store().configuration.rows("digests", LATEST)}
    if known:
        sent = outbox.last_sent(data.store())
        page.table(
            table(
                _("Overview mails"),
                [_("Name"), _("Comes"), _("Customer processes"), _("Goes to"),
                 Column(_("Last sent"), whole=True)],
                [_row(row, sent.get(name)) for name, row in known.items()],
            ),
            "digests",
        )  # fmt: skip
    else:
        page.quiet(
            _("None yet. One page by mail: what moved, complaints, outages, actions and alerts.")
        )
    told = st.session_state.pop(_TOLD, None)
    if told:
        page.told(*told)
    with st.expander(_("Make or change an overview mail")):
        chosen = st.selectbox(
            _("Overview mail"),
            ["", *known],
            format_func=lambda one: _named(known[one]) if one else _("a new one"),
            key=CHOSEN,
            width=420,
        )
        _form(known.get(chosen))


def _named(row: dict[str, Any]) -> str:
    return row["title"] or digests.usual_title(row["frequency"])


def _row(row: dict[str, Any], sent: Any) -> list[Value]:
    processes = [data.title("process", one) for one in names(row["processes"])]
    last = formats.moment(sent, data.zone()) if sent else _("never")
    return [
        _named(row),
        _comes(row),
        ", ".join(processes) or _("all"),
        Shown(", ".join(names(row["recipients"])) or _("nobody")),
        last,
    ]


def _comes(row: dict[str, Any]) -> str:
    at = row["at"] or "08:00"
    if row["frequency"] == digests.DAY:
        return _("every working day from {time}").format(time=at)
    day = weekday_name(int(row["weekday"] or 1), full=True)
    return _("every {weekday} from {time}").format(weekday=day, time=at)


def _form(row: dict[str, Any] | None) -> None:
    own = row or {"digest": "", "title": "", "frequency": digests.WEEK, "weekday": 1, "at": "08:00",
                  "processes": "", "recipients": "", "language": None}  # fmt: skip
    settings = data.store().settings
    with st.form(f"digest-{own['digest']}", border=False):
        columns = st.columns([3, 2, 2, 1])
        title = columns[0].text_input(_("Name"), value=_named(row) if row else "", max_chars=60)
        every = columns[1].selectbox(
            _("Comes"), (digests.WEEK, digests.DAY), index=int(own["frequency"] == digests.DAY),
            format_func=lambda one: _("every week") if one == digests.WEEK else _("every working day"),
        )  # fmt: skip
        weekday = columns[2].selectbox(
            _("On (of a week)"), range(1, 8), index=int(own["weekday"] or 1) - 1,
            format_func=lambda one: weekday_name(one, full=True),
        )  # fmt: skip
        at = columns[3].text_input(_("From (time)"), value=own["at"] or "08:00", max_chars=5)
        columns = st.columns([3, 3, 1])
        processes = columns[0].multiselect(
            _("Customer processes"), data.processes(data.default_day()),
            default=[one for one in names(own["processes"])
                     if one in data.processes(data.default_day())],
            format_func=lambda one: data.title("process", one), placeholder=_("all"),
        )  # fmt: skip
        recipients = columns[1].multiselect(
            _("Recipients"), sorted({*settings.channels, *names(own["recipients"])}),
            default=[*names(own["recipients"])], placeholder=_("nobody"),
        )  # fmt: skip
        spoken = own["language"] or settings.language
        language = columns[2].selectbox(
            _("Language"), LANGUAGES, index=LANGUAGES.index(spoken),
            format_func=lambda one: LANGUAGE_NAMES[one],
        )  # fmt: skip
        made = {
            "digest": own["digest"] or _free(slug(title) or "overview"),
            "title": title.strip(), "frequency": every, "weekday": int(weekday), "at": at.strip(),
            "processes": ", ".join(processes), "recipients": ", ".join(recipients),
            "language": language, "retired": False,
        }  # fmt: skip
        with st.container(horizontal=True, gap="small"):
            keeps = st.form_submit_button(_("Keep this one"), type="primary")
            looks = st.form_submit_button(_("Look at it"))
            sends = st.form_submit_button(_("Keep and send now"))
    if looks:
        _look(made)
    if keeps or sends:
        if not made["title"]:
            page.told("warning", _("Give it a name: it stands above every one that is sent."))
        elif _configure(_once(own, {**made, "valid_from": _valid(made["digest"])})):
            st.session_state[_TOLD] = _sent(made) if sends else ("success", _("It is kept."))
            st.rerun()
    if own["digest"]:
        st.button(_("Take it away"), key="drop-digest", on_click=_drop, args=(own["digest"],))


def _once(own: Mapping[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    return row if own["digest"] else sent_twice.only("digests", "digest", row)


def _look(row: dict[str, Any]) -> None:
    letter = schedule.letter_of(data.store(), row, looking.now(), "")
    if letter is None:
        page.told("info", _("There is nothing to tell yet: no data are loaded."))
        return
    # Shut off from this page: it shows, and does nothing.
    st.iframe(letter.html, width="stretch", height=700, alt=_("Preview of the mail"))


def _sent(row: dict[str, Any]) -> tuple[str, str]:
    store, moment = data.store(), looking.now()
    recipients = names(row["recipients"])
    if not recipients:
        return "warning", _("Nobody is told: it has no recipients.")
    letter = schedule.letter_of(store, row, moment, f"digest {row['digest']} {moment.isoformat()}")
    if letter is None:
        return "info", _("There is nothing to tell yet: no data are loaded.")
    outbox.post(store, letter, recipients, moment, moment)
    done = looking.Round()
    looking.send_due(store, moment, done)
    if done.failed:
        problems = [f"{one['recipient']}: {one['problem']}" for one in done.failed]
        return "error", " ".join(problems)
    return "success", _("It was sent to {names}.").format(names=", ".join(recipients))


@callback
def _drop(digest: str) -> None:
    if _configure({"digest": digest, "valid_from": _valid(digest), "retired": True}):
        st.session_state[CHOSEN] = ""
        st.session_state[_TOLD] = ("success", _("It is taken away."))


def _configure(row: dict[str, Any]) -> bool:
    try:
        data.store().configure("digests", [row], WHO)
    except StoreProblem as problem:
        page.told("warning", str(problem))
        return False
    return True


def _valid(digest: str) -> date:
    days = [r["valid_from"] for r in _rows() if r["digest"] == digest]
    return max(days, default=formats.in_zone(looking.now(), data.zone()).date())


def _free(name: str) -> str:
    taken = {row["digest"] for row in _rows()}
    numbered = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in numbered if one not in taken)


def _rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data.store().configuration.versions("digests")
    return found
