"""What is said of avoidable contacts: how many, how that moved, and by which cause."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from kpi import formats, stats
from kpi.bulletin.states import overlap
from kpi.differences import changed
from kpi.i18n import _, ngettext
from kpi.model import TOO_FEW, Better, Result, Unit

#: A surge: at least so many contacts, so many times the usual share, and that unlikely by chance
#: (in standard deviations; high, for every stretch of weeks of every cause is looked at).
_SURGE_ROWS, _SURGE_TIMES, _SURGE_SURE = 30, 1.5, 4.0
_LONGEST_SURGE, _LEAST_USUAL = 8, 4


@dataclass(frozen=True)
class Share:
    """Part of the avoidable contacts: of one cause, or of one department.

    `now` and `before` are results of `causer` (share in percent, `numerator` contacts); `cost`
    and `cost_before` of `avoidable_cost`. `department` is the one that causes most of it.
    """

    id: str | None
    title: str
    now: Result
    before: Result | None = None
    cost: Result | None = None
    cost_before: Result | None = None
    department: str = ""

    @property
    def contacts(self) -> int:
        """How many contacts."""
        return int(self.now.numerator or 0)

    @property
    def few(self) -> bool:
        """Whether it is too small to rank, or to say anything of."""
        return self.contacts < TOO_FEW

    @property
    def moved(self) -> int:
        """1 where its share rose and -1 where it fell by more than chance; else 0."""
        now, before = self.now, self.before
        if before is None or now.value is None or before.value is None or overlap(now, before):
            return 0
        if max(self.contacts, int(before.numerator or 0)) < TOO_FEW or before.too_few:
            return 0
        return 1 if now.value > before.value else -1

    @property
    def before_value(self) -> float | None:
        """Its share in the earlier period."""
        return self.before.value if self.before else None

    @property
    def named(self) -> str:
        """The cause within a sentence, with who causes it: "brief onduidelijk (Communicatie)"."""
        title = lower_first(self.title)
        if not self.department:
            return title
        return _("{cause} ({department})").format(cause=title, department=self.department)


def none_of(like: Result) -> Result:
    """What a share is that does not occur: none of as many."""
    n = int(like.denominator or 0)
    bounds = stats.wilson(0, n)
    if bounds is None:
        return Result(like.kpi, {}, None, n=n, unit=like.unit)
    return Result(
        like.kpi, {}, 0.0, 100 * bounds[0], 100 * bounds[1], 0, n, n, like.unit, like.as_of
    )


def ranked(shares: Sequence[Share]) -> list[Share]:
    """Known causes of ten contacts or more, the largest first."""
    known = [one for one in shares if one.id is not None and not one.few]
    return sorted(known, key=lambda one: (-one.contacts, one.title))


def title(
    name: str,
    process: str,
    now: Result | None,
    before: Result | None,
    earlier: str,
    causes: Sequence[Share],
) -> str:
    """The fact of the page; `name` where there is none. `process` is its title, or empty."""
    if now is None or now.value is None or now.too_few:
        return name
    said = _("{share} of the contacts were avoidable").format(
        share=formats.value(now.value, Unit.PERCENT, now.low, now.high)
    )
    if process:
        said = _("{process}: {said}").format(process=process, said=said)
    if before is None or before.value is None or before.too_few or not earlier:
        return _mainly(said, ranked(causes))
    change = changed(now, before, Unit.PERCENT, Better.CONTEXT)
    if change is None or not change.amount or overlap(now, before):
        # What may be chance is not news; what moved within it may be.
        said = _("{said}, not clearly different from {period}").format(said=said, period=earlier)
        return _moved(said, causes)
    more = now.value > before.value
    said = moved(said, change.amount, earlier, more=more)
    pulled = _pulled(causes, now, before, 1 if more else -1)
    if pulled is None:
        return said
    how = _("{said}; mainly {cause}") if more else _("{said}; largest drop: {cause}")
    return how.format(said=said, cause=pulled.named)


def _mainly(said: str, causes: Sequence[Share]) -> str:
    return _("{said}; mainly {cause}").format(said=said, cause=causes[0].named) if causes else said


def _moved(said: str, causes: Sequence[Share]) -> str:
    """The cause whose share rose most, where one did; else the largest."""
    rose = [one for one in ranked(causes) if one.moved > 0]
    if not rose:
        return _mainly(said, ranked(causes))
    most = max(rose, key=lambda one: (one.now.value or 0) - (one.before_value or 0))
    return _("{said}; {cause} rose from {before} to {now} of them").format(
        said=said,
        cause=most.named,
        before=formats.value(most.before_value, Unit.PERCENT, places=0),
        now=formats.value(most.now.value, Unit.PERCENT, places=0),
    )


def _pulled(causes: Sequence[Share], now: Result, before: Result, way: int) -> Share | None:
    """The cause that contributes most points to a change, where that is more than chance."""
    found = [
        (way * (part - was), cause)
        for cause in causes
        if cause.id is not None and cause.before is not None
        for part, was in [(_of(cause.now, now), _of(cause.before, before))]
        if _sure(cause, now, before) and way * (part - was) > 0
    ]
    return max(found, key=lambda one: one[0])[1] if found else None


def _of(cause: Result, whole: Result) -> float:
    """Share of all contacts with a category, not of the avoidable ones only."""
    return (cause.numerator or 0) / (whole.denominator or 1)


def _sure(cause: Share, now: Result, before: Result) -> bool:
    assert cause.before is not None
    found = stats.newcombe(
        cause.now.numerator or 0, now.denominator or 0,
        cause.before.numerator or 0, before.denominator or 0,
    )  # fmt: skip
    return found is not None and (found[1] > 0 or found[2] < 0)


def of_pareto(
    shares: Sequence[Share], earlier: str, *, department: bool = False, of_cause: bool = False
) -> str:
    """What the bars show: how few make up half, what is unknown, and what the marks are.

    `department`: the shares are of departments; `of_cause`: only the contacts of one cause.
    """
    order = ranked(shares)
    total = sum(one.contacts for one in shares)
    if not order or not total:
        return _("Too few avoidable contacts to rank what causes them.")
    some: list[Share] = []
    for one in order[:3]:
        some.append(one)
        if 2 * sum(part.contacts for part in some) >= total:
            break
    share = formats.percent(100 * sum(part.contacts for part in some) / total)
    names = listed([one.title if department else lower_first(one.title) for one in some])
    what = (
        _("{share} of these contacts: {names}.")
        if of_cause
        else _("{share} of the avoidable contacts: {names}.")
    )
    said = [what.format(share=share, names=names)]
    unknown = sum(one.contacts for one in shares if one.id is None)
    if unknown:
        what = (
            _("Of {share} it is not known which department caused them.")
            if department
            else _("Of {share} the cause is not known.")
        )
        said.append(what.format(share=formats.percent(100 * unknown / total)))
    if earlier and any(one.before is not None for one in shares):
        said.append(_("The mark in a bar is its share in {period}.").format(period=earlier))
    return " ".join(said)


def moved(said: str, amount: str, earlier: str, *, more: bool) -> str:
    """A share with how much higher or lower it is than it was."""
    how = (
        _("{said}, {amount} higher than in {period}")
        if more
        else _("{said}, {amount} lower than in {period}")
    )
    return how.format(said=said, amount=amount, period=earlier)


def listed(names: Sequence[str]) -> str:
    """Names as one says them: "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])


@dataclass(frozen=True)
class Surge:
    """A stretch of weeks in which a cause had a larger share of the avoidable contacts.

    `share` and `usual` in percent; `extra`: contacts above the usual.
    """

    cause: str
    first: str
    last: str
    share: float
    usual: float
    contacts: int
    extra: float


def surges(
    weeks: Sequence[str],
    counts: Mapping[str, Mapping[str, int]],
    totals: Mapping[str, int],
    within: Sequence[str],
) -> list[Surge]:
    """Per cause the surest surge in `within`, against all other `weeks`; the largest first.

    `counts` are avoidable contacts per cause and week, `totals` per week.
    """
    kept = set(within)
    places = [place for place, week in enumerate(weeks) if week in kept]
    totals_before = _before([totals.get(week, 0) for week in weeks])
    found = []
    for cause, by_week in counts.items():
        own_before = _before([by_week.get(week, 0) for week in weeks])
        best: tuple[float, Surge] | None = None
        for start in places:
            for end in range(start + 1, min(start + _LONGEST_SURGE, places[-1] + 1) + 1):
                if len(weeks) - (end - start) < _LEAST_USUAL:
                    continue
                sure, one = _stretch(cause, weeks, own_before, totals_before, start, end)
                if one is not None and (best is None or sure > best[0]):
                    best = sure, one
        if best is not None:
            found.append(best[1])
    return sorted(found, key=lambda one: -one.extra)


def _before(counts: Sequence[int]) -> list[int]:
    """Of each week all that came before it, and of all weeks: any stretch is a difference of two."""
    return [0, *accumulate(counts)]


def _stretch(
    cause: str,
    weeks: Sequence[str],
    own_before: Sequence[int],
    totals_before: Sequence[int],
    start: int,
    end: int,
) -> tuple[float, Surge | None]:
    hits, n = own_before[end] - own_before[start], totals_before[end] - totals_before[start]
    others, rest = own_before[-1] - hits, totals_before[-1] - n
    if not n or not rest or hits < _SURGE_ROWS:
        return 0.0, None
    share, usual = hits / n, others / rest
    pooled = (hits + others) / (n + rest)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / rest))
    sure = (share - usual) / spread if spread else 0.0
    # A share also rises where all else was less than usual: the number must have risen too.
    many = hits / (end - start) >= _SURGE_TIMES * others / (len(weeks) - (end - start))
    if sure < _SURGE_SURE or share < _SURGE_TIMES * usual or not many:
        return sure, None
    return sure, Surge(
        cause, weeks[start], weeks[end - 1], 100 * share, 100 * usual, hits, hits - usual * n
    )


def of_surge(surge: Surge, named: str, stands: str = "") -> str:
    """One surge in words: "wk 37–39: brief onduidelijk (Communicatie) 41 % of the …, otherwise 3 %".

    `stands`: whether it goes on or is over.
    """
    when = formats.week(surge.first)
    if surge.last != surge.first:
        when = f"{when}{formats.NOTHING}{int(surge.last.split('-W')[1])}"
    said = _(
        "{when}: {cause} {n} contacts, {now} of the avoidable ones, otherwise {before}"
    ).format(
        when=when,
        cause=named,
        before=formats.percent(surge.usual),
        now=formats.percent(surge.share),
        n=formats.number(surge.contacts),
    )
    return f"{said}; {stands}" if stands else said


def of_cost(cost: Result | None) -> str:
    """What is not in the amount: contacts through channels without a known cost."""
    costed = cost.extras.get("costed") if cost is not None else None
    if costed is None or costed >= 99.5:
        return ""
    return _(
        "Of {share} of the avoidable contacts the cost is known; the others are not in the amount."
    ).format(share=formats.percent(costed))


def of_categories(avoidable: Result) -> str:
    """The three categories in words, and of how many contacts they are known."""
    coverage = avoidable.extras.get("coverage")
    n = formats.number(avoidable.n)
    said = ngettext(
        "Of {n} contact with a category.", "Of {n} contacts with a category.", avoidable.n
    ).format(n=n)
    if coverage is not None and coverage < 99.95:
        said += " " + _("{share} of all answered inbound contacts have one.").format(
            share=formats.percent(coverage)
        )
    return said


def lower_first(text: str) -> str:
    """The text within a sentence; an abbreviation stays as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
