"""The story of one case or contact, asked whole: for who may see rows about one customer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from kpi.access import EVERYTHING, Scope
from kpi.i18n import _
from kpi.numbers.problem import AskProblem
from kpi.query import story as query
from kpi.results.story import (
    Happening,
    Row,
    Stay,
    Story,
    happenings_of_case,
    in_order,
    kept,
    of_answer,
    of_contact,
    of_event,
)
from kpi.zones import to_local

if TYPE_CHECKING:
    from kpi.store import Store


def case_story(store: Store, case_id: str, scope: Scope = EVERYTHING) -> Story:
    """Everything that is known of one case, in order.

    Raises:
        AskProblem: there is no such case in sight, or rows about one customer may not be seen.
    """
    _check(scope)
    found = [row for row in store.rows(query.case(case_id)) if scope.sees(row["process"])]
    if not found:
        raise AskProblem(_("There is no case {name} among those you may see.").format(name=case_id))
    [case] = found
    as_of = store.as_of(("cases",))
    contacts = store.rows(query.contacts_of_case(case_id))
    answers = store.rows(query.answers(case_id, [row["contact_id"] for row in contacts]))
    happened: list[Happening] = [
        *happenings_of_case(case, as_of),
        *map(of_contact, contacts),
        *map(of_event, store.rows(query.events(case_id))),
        *map(of_answer, answers),
    ]
    stays = [
        Stay(
            row["department"],
            row["entered_at"],
            row["left_at"],
            row["deadline_at"],
            kept(row["deadline_at"], row["left_at"], as_of),
        )
        for row in store.rows(query.stays(case_id))
    ]
    cases, loose = _of_customer(store, case["customer_id"], scope)
    others = [row for row in cases if row["case_id"] != case_id]
    return Story(case, None, in_order(happened), stays, others, loose, as_of)


def contact_story(store: Store, contact_id: str, scope: Scope = EVERYTHING) -> Story:
    """The story of a contact: that of its case, else of the chain of repeats that it is part of.

    Raises:
        AskProblem: there is no such contact in sight, or rows about one customer may not be seen.
    """
    _check(scope)
    found = [row for row in store.rows(query.contact(contact_id)) if scope.sees(row["process"])]
    if not found:
        raise AskProblem(
            _("There is no contact {name} among those you may see.").format(name=contact_id)
        )
    contact = found[0]
    if contact["case_id"] is not None and store.rows(query.case(contact["case_id"])):
        return case_story(store, contact["case_id"], scope)
    chain = [contact]
    if contact["chain_id"] is not None:
        chain = store.rows(query.contacts_of_chain(contact["chain_id"]))
    answers = store.rows(query.answers(None, [row["contact_id"] for row in chain]))
    happened = [*map(of_contact, chain), *map(of_answer, answers)]
    cases, loose = _of_customer(store, contact["customer_id"], scope)
    own = {row["contact_id"] for row in chain}
    others = [row for row in loose if row["contact_id"] not in own]
    return Story(None, contact, in_order(happened), (), cases, others, store.as_of(("contacts",)))


def source_link(store: Store, table: str, id_: str) -> str:
    """Where a row can be opened in its source system; empty where nobody configured that."""
    as_of = store.as_of((table,))
    if as_of is None:
        return ""
    on = to_local(as_of, store.settings.time_zone).date()
    row = store.configuration.row("source_links", on, table_name=table)
    if row is None or not row["url_template"]:
        return ""
    return str(row["url_template"]).replace("{id}", quote(id_, safe=""))


def _check(scope: Scope) -> None:
    if not scope.personal or scope.screen:
        raise AskProblem(_("Who they are is not yours to see; the numbers are."))


def _of_customer(
    store: Store, customer_id: str | None, scope: Scope
) -> tuple[list[Row], list[Row]]:
    if customer_id is None:
        return [], []
    return (
        [row for row in store.rows(query.other_cases(customer_id)) if scope.sees(row["process"])],
        [
            row
            for row in store.rows(query.other_contacts(customer_id))
            if scope.sees(row["process"])
        ],
    )
