"""The planted stories: what happens in the invented organisation, drawn from the seed.

They are the demo's truth, kept beside the store. The data is made to follow them; whether a number
finds them again is what the tests of the KPIs are held to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import Any, ClassVar

import numpy as np

from kpi.demo.plan import Plan, day_number


@dataclass(frozen=True)
class TariffLetter:
    """An unclear letter about tariffs causes information contacts for three weeks.

    `factor`: extra contacts a day at the peak, as a multiple of the usual information contacts.
    """

    story: ClassVar[str] = "tariff_letter"
    starts: date
    ends: date
    process: str
    reason: str
    cause: str
    causing_department: str
    factor: float


@dataclass(frozen=True)
class Outage:
    """Heating fails in one neighbourhood: a surge of reports, and the same people calling again.

    `share`: of all customers that reports it; `calls_again`: further calls per report.
    """

    story: ClassVar[str] = "outage"
    starts: date
    ends: date
    hour: int
    hours: int
    process: str
    reason: str
    neighbourhood: str
    share: float
    calls_again: float


@dataclass(frozen=True)
class ActionThatWorks:
    """From `starts` customers are told where their order is; `remains` of the contacts is left."""

    story: ClassVar[str] = "action_that_works"
    action: str
    starts: date
    process: str
    reason: str
    kpi: str
    remains: float


@dataclass(frozen=True)
class ActionWithoutEffect:
    """An improvement action that changes nothing."""

    story: ClassVar[str] = "action_without_effect"
    action: str
    starts: date
    process: str
    kpi: str


@dataclass(frozen=True)
class SlowDepartment:
    """One department takes `factor` times as long as its work asks."""

    story: ClassVar[str] = "slow_department"
    department: str
    factor: float


@dataclass(frozen=True)
class PriceRise:
    """After a price rise customers leave: a share of those without the portal, few of those with."""

    story: ClassVar[str] = "price_rise"
    starts: date
    ends: date
    leaves_without_portal: float
    leaves_with_portal: float


@dataclass(frozen=True)
class PortalRelease:
    """A release breaks one step of a funnel; who is stopped there calls.

    `passes`: the share that still gets through the broken step.
    """

    story: ClassVar[str] = "portal_release"
    starts: date
    ends: date
    funnel: str
    step: str
    process: str
    reason: str
    cause: str
    passes: float


@dataclass(frozen=True)
class LateDelivery:
    """Complaints about late delivery rise, week after week, to `factor` times what they were."""

    story: ClassVar[str] = "late_delivery"
    starts: date
    ends: date
    process: str
    reason: str
    factor: float


Story = (
    TariffLetter
    | Outage
    | ActionThatWorks
    | ActionWithoutEffect
    | SlowDepartment
    | PriceRise
    | PortalRelease
    | LateDelivery
)
#: What may be slow: the large departments of the second line.
SLOW = ("logistics", "operations", "finance", "production", "planning")
NEIGHBOURHOODS = ("Waterwijk", "Lindenkamp", "Oosterveld", "De Terp", "Parkzoom")


@dataclass(frozen=True)
class Stories:
    """Every planted story of one demo."""

    tariff_letter: TariffLetter
    outage: Outage
    action_that_works: ActionThatWorks
    action_without_effect: ActionWithoutEffect
    slow_department: SlowDepartment
    price_rise: PriceRise
    portal_release: PortalRelease
    late_delivery: LateDelivery

    def __iter__(self) -> Iterator[Story]:
        return (getattr(self, one.name) for one in fields(self))

    def to_list(self) -> list[dict[str, Any]]:
        """The stories as JSON values: dates as ISO texts."""
        return [
            {
                "story": story.story,
                **{
                    name: value.isoformat() if isinstance(value, date) else value
                    for name, value in asdict(story).items()
                },
            }
            for story in self
        ]

    @classmethod
    def from_list(cls, listed: list[dict[str, Any]]) -> Stories:
        """The inverse of `to_list`."""
        return cls(**{kind.name: _read(kind.type, listed) for kind in fields(cls)})


_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        TariffLetter,
        Outage,
        ActionThatWorks,
        ActionWithoutEffect,
        SlowDepartment,
        PriceRise,
        PortalRelease,
        LateDelivery,
    )
}


def _read(kind: Any, listed: list[dict[str, Any]]) -> Any:
    # Annotations are texts in this module.
    made = _KINDS[str(kind)]
    found = next(one for one in listed if one["story"] == made.story)
    values = {one.name: found[one.name] for one in fields(made)}
    for one in fields(made):
        if one.type == "date":
            values[one.name] = date.fromisoformat(values[one.name])
    return made(**values)


def draw(plan: Plan) -> Stories:
    """The stories of `plan`: when, how large and where, from its seed alone.

    Each has a stretch of its own, counted back from the last day, so that one does not hide
    another. In a short demo the stretches are shorter.
    """
    random = plan.random("stories")
    # The earliest begins 42 weeks before the end, and something must lie before it.
    scale = min(1.0, (plan.days / 7 - 6) / 42)

    def before_end(low: float, high: float) -> date:
        weeks = random.uniform(low, high) * scale
        # A Tuesday: letters and releases do not come in the weekend.
        number = int(plan.last - weeks * 7)
        return plan.day(number - (day_number(plan.day(number)) + 2) % 7)

    # In turn: the four that need no long aftermath, in an order that chance decides.
    stretches = [(9, 11), (17, 20), (26, 29), (35, 38)]
    order = random.permutation(4)
    if order[3] == 0:
        # An action shows its effect when there are weeks enough after it.
        order[[0, 3]] = order[[3, 0]]
    letter = before_end(*stretches[order[0]])
    outage = before_end(*stretches[order[1]])
    release = before_end(*stretches[order[2]])
    works = before_end(*stretches[order[3]])
    rise = before_end(24, 42)
    nothing = before_end(16, 32)
    late = before_end(8, 12)
    return Stories(
        TariffLetter(
            starts=letter,
            ends=letter + timedelta(days=20),
            process="information",
            reason="letter",
            cause="letter_unclear",
            causing_department="communication",
            factor=_drawn(random, 1.4, 2.6),
        ),
        Outage(
            starts=outage,
            ends=outage + timedelta(days=1),
            hour=int(random.integers(5, 10)),
            hours=int(random.integers(14, 34)),
            process="fault",
            reason="outage",
            neighbourhood=str(random.choice(NEIGHBOURHOODS)),
            share=_drawn(random, 0.018, 0.035),
            calls_again=_drawn(random, 0.8, 1.3),
        ),
        ActionThatWorks(
            action="A-1",
            starts=works,
            process="request",
            reason="order_status",
            kpi="avoidable",
            remains=_drawn(random, 0.28, 0.4),
        ),
        ActionWithoutEffect(
            action="A-2",
            starts=nothing,
            process=str(random.choice(["details", "information"])),
            # The letter and the release move the other numbers of these processes.
            kpi="transfers",
        ),
        SlowDepartment(department=str(random.choice(SLOW)), factor=_drawn(random, 2.4, 3.2)),
        PriceRise(
            starts=rise,
            ends=min(rise + timedelta(days=59), plan.until),
            leaves_without_portal=_drawn(random, 0.06, 0.10),
            leaves_with_portal=_drawn(random, 0.002, 0.005),
        ),
        PortalRelease(
            starts=release,
            ends=min(release + timedelta(days=int(random.integers(21, 42))), plan.until),
            funnel="move",
            step=str(random.choice(["address", "date"])),
            process="details",
            reason="address",
            cause="portal_failed",
            passes=_drawn(random, 0.2, 0.4),
        ),
        LateDelivery(
            starts=late,
            ends=plan.until,
            process="complaint",
            reason="late_delivery",
            factor=_drawn(random, 4.5, 6.5),
        ),
    )


def _drawn(random: np.random.Generator, low: float, high: float) -> float:
    return round(float(random.uniform(low, high)), 3)
