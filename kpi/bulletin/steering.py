"""Reasons by channels: how contacts came in, against how we would like them to.

A cell is told by its figure, its place in the strategy by shape and word, and its size by a shade.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kpi import formats
from kpi.bulletin.sources import Source
from kpi.bulletin.states import overlap
from kpi.bulletin.tables import Column, Shown, Table, Value, table
from kpi.differences import changed
from kpi.i18n import _
from kpi.model import TOO_FEW, Better, Result, Unit

PREFERRED, SUPPORTING, DISCOURAGED = "preferred", "supporting", "discouraged"
PLACES = (PREFERRED, SUPPORTING, DISCOURAGED)
_SHAPES = {PREFERRED: "●", SUPPORTING: "○", DISCOURAGED: "▽"}
#: From these shares (per cent) on a cell is a shade fuller.
_SHADES = (5, 20, 40, 60)


@dataclass(frozen=True)
class Line:
    """One reason (of one kind of customer, where its strategy is only for those).

    Attributes:
        title: the reason on screen, `under` the kind of customer and the process.
        counts: contacts per channel; None is a channel that is not known.
        places: per channel its place in the strategy.
        preferred: the share that came by a preferred channel, now and before.
        href: what the title leads to.
        source: where the number of contacts comes from; where the share does is `share`, and of
            each channel the contacts, `by_channel`.
    """

    reason: str
    value_class: str
    title: str
    under: str
    counts: Mapping[str | None, int]
    places: Mapping[str, str]
    preferred: Result
    before: Result | None = None
    href: str = ""
    source: Source | None = None
    share: Source | None = None
    by_channel: Mapping[str | None, Source] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Contacts with this reason."""
        return self.preferred.n

    @property
    def elsewhere(self) -> int:
        """Contacts that did not come by a preferred channel."""
        return self.n - int(self.preferred.numerator or 0)

    @property
    def moved(self) -> int:
        """1 where the preferred channels rose and -1 where they fell by more than chance; else 0."""
        now, before = self.preferred, self.before
        if before is None or now.value is None or before.value is None:
            return 0
        if now.too_few or before.too_few or overlap(now, before):
            return 0
        return 1 if now.value > before.value else -1


def ranked(lines: Sequence[Line]) -> list[Line]:
    """Most contacts beside a preferred channel first; too few to judge last."""
    return sorted(lines, key=lambda one: (one.n < TOO_FEW, -one.elsewhere, one.title, one.under))


def places_of(strategy: Mapping[str, str | None]) -> dict[str, str]:
    """The place of each channel in a row of the strategy; the first that names it counts."""
    found: dict[str, str] = {}
    for place in PLACES:
        for channel in (strategy.get(place) or "").split(","):
            if channel.strip():
                found.setdefault(channel.strip(), place)
    return found


def word(place: str) -> str:
    """A place in the strategy in a word."""
    return {
        PREFERRED: _("preferred"),
        SUPPORTING: _("supporting"),
        DISCOURAGED: _("discouraged"),
    }[place]


def marked(place: str) -> str:
    """Shape and word of a place: "● voorkeur"."""
    return f"{_SHAPES[place]}{formats.SPACE}{word(place)}"


def heat(
    lines: Sequence[Line],
    channels: Sequence[str | None],
    title_of: Mapping[str | None, str],
    earlier: str,
) -> Table:
    """One row a reason: contacts, share by a preferred channel, change, and each channel."""
    shown = ranked(lines)
    return table(
        _("Reasons by channel"),
        [
            _("Reason"),
            Column(_("Contacts"), figures=True),
            Column(_("By a preferred channel"), figures=True, wrap=True),
            Column(_("Change"), figures=True, help=earlier),
            *(Column(title_of[channel], figures=True) for channel in channels),
        ],
        [_row(line, channels) for line in shown],
        note=" ".join(
            part
            for part in (
                _("Share of the contacts with that reason. The fuller the shade, the larger the share."),
                f"{' · '.join(marked(one) for one in PLACES)}{formats.SPACE}"
                + _("(we steer away from it, and never refuse anybody)."),
                _("Change against {period}.").format(period=earlier) if earlier else "",
            )
            if part
        ),
    )  # fmt: skip


def _row(line: Line, channels: Sequence[str | None]) -> list[Value]:
    now = line.preferred
    few = now.too_few
    return [
        Shown(line.title, under=line.under, href=line.href),
        Shown(formats.number(line.n), source=line.source),
        Shown(formats.NOTHING, mark="quiet", under=_("too few"))
        if few
        else Shown(
            formats.value(now.value, Unit.PERCENT, now.low, now.high),
            source=line.share,
            under=formats.interval(now.low, now.high, Unit.PERCENT),
        ),
        change(line),
        *(_cell(line, channel) for channel in channels),
    ]


def change(line: Line) -> Value:
    """The change of the preferred share; in colour only where it is more than chance."""
    before = line.before
    if before is None or line.preferred.too_few or before.too_few:
        return formats.NOTHING
    found = changed(line.preferred, before, Unit.PERCENT, Better.UP)
    if found is None:
        return formats.NOTHING
    if not found.amount:
        return Shown(found.word, mark="quiet")
    text = f"{found.arrow}{formats.SPACE}{found.amount}"
    if not line.moved:
        return Shown(text, mark="quiet", under=_("may be chance"))
    return Shown(text, mark="better" if line.moved > 0 else "worse", under=found.word)


def _cell(line: Line, channel: str | None) -> Value:
    count = line.counts.get(channel, 0)
    place = line.places.get(channel or "", "")
    under, brief = (marked(place), _SHAPES[place]) if place else ("", "")
    if line.n < TOO_FEW:
        return Shown(formats.number(count) if count else "", mark="quiet", under=under, brief=brief)
    share = 100 * count / line.n
    text = formats.percent(share, 1 if 0 < share < 1 else 0) if count or place else ""
    href = line.by_channel[channel].rows if channel in line.by_channel else ""
    return Shown(text, mark=_shade(share), under=under, brief=brief, href=href)


def _shade(share: float) -> str:
    step = sum(share >= bound for bound in _SHADES)
    return f"shade-{step}" if step else ""
