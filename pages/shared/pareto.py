"""A Pareto on a page: bars that can be clicked, the sentence above them and the table below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kpi import formats
from kpi.bulletin.sentences_avoidable import Share, ranked
from kpi.charts.pareto import Bar, Key, pareto
from kpi.i18n import _, ngettext
from kpi.model import Unit
from pages.shared import page
from pages.shared.alert_link import Tell

#: Stands in the URL for what is not known.
UNKNOWN = "-"


def show(
    bars: Sequence[Bar],
    sentence: str,
    rows: page.Rows,
    key: str,
    choose: Callable[[str], None] | None = None,
    earlier: str = "",
    *,
    tell: Tell,
    below: Callable[[], None] | None = None,
) -> None:
    """The bars in the order given; `choose` is called with the id of the bar that is clicked.

    `earlier`: the period that the upright marks tell of, to read; `tell`: the number that an alert
    can be made of; `below` draws what goes right below the figure.
    """
    names = Key(_("clearly up"), _("others"), _("unknown or n < 10"), earlier)
    figure = pareto(bars, together=_("together"), key=names)

    def clicked(said: list[str]) -> None:
        if choose is not None and said[0]:
            choose(said[0])

    page.chart(figure, sentence, rows, key, clicked if choose else None, tell=tell, below=below)


def bars_of(shares: Sequence[Share], chosen: str = "") -> list[Bar]:
    """Known ones from large to small with their running share; then the few, then the unknown.

    What is not known keeps a bar of its own at the end, however small: it is never ranked away.
    """
    total = sum(one.contacts for one in shares)
    made, running = [], 0
    for one in ranked(shares):
        running += one.contacts
        made.append(_bar(one, one.id or "", one.title, running, total, chosen))
    few = [one for one in shares if one.id is not None and one.few and one.contacts]
    if few:
        count = sum(one.contacts for one in few)
        running += count
        title = ngettext("{n} other, fewer than 10", "{n} others, each fewer than 10", len(few))
        made.append(
            Bar(
                "",
                title.format(n=len(few)),
                100 * count / total,
                _end(count, 100 * count / total),
                formats.percent(100 * running / total),
                apart=True,
                facts=tuple(f"{one.title}: {formats.number(one.contacts)}" for one in few),
            )
        )
    for one in shares:
        if one.id is None and one.contacts:
            running += one.contacts
            made.append(_bar(one, UNKNOWN, one.title, running, total, chosen, apart=True))
    return made


def _bar(
    one: Share,
    key: str,
    title: str,
    running: int,
    total: int,
    chosen: str,
    *,
    apart: bool = False,
) -> Bar:
    before = one.before_value
    end = _end(one.contacts, one.now.value or 0.0)
    if one.moved and before is not None:
        arrow = "▲" if one.moved > 0 else "▼"
        was = _("was {share}").format(share=_percent(before))
        end = f"{end}  {arrow}{formats.SPACE}{was}"
    facts = [
        _("95% interval {interval}").format(
            interval=formats.interval(one.now.low, one.now.high, Unit.PERCENT)
        )
    ]
    if one.cost is not None and one.cost.value is not None:
        facts.append(_("cost {amount}").format(amount=formats.euro(one.cost.value)))
    if one.department:
        facts.append(one.department)
    return Bar(
        key,
        title,
        one.now.value or 0.0,
        end,
        formats.percent(100 * running / total),
        before,
        grew=one.moved > 0 and not apart,
        apart=apart,
        chosen=bool(chosen) and chosen == key,
        facts=tuple(facts),
    )


def _end(contacts: int, share: float) -> str:
    return f"{formats.number(contacts)} · {_percent(share)}"


def _percent(share: float) -> str:
    # What is there is not told as 0 %.
    return formats.percent(share, 1 if 0 < share < 1 else 0)
